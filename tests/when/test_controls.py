"""Every control: sound evidence, the same twice, a predictor that survives being written down."""

from __future__ import annotations

import numpy as np
import pytest

from headstart.core.kinds import Modality
from headstart.core.watch import Silent
from headstart.training.learning_curve import LearningCurve
from headstart.when.controls import CONTROLS, controls
from headstart.when.controls.curves import control_curve
from headstart.when.labels import budget_curve, label_equivalents
from tests import synthetic

WORDS = (("good", "fine", "lovely"), ("bad", "poor", "awful"))


def texts(n: int = 40):
    rng = np.random.default_rng(0)
    labels = synthetic.balanced(n, 2)
    items = [" ".join(rng.choice(WORDS[label], 2)) + f" thing {rng.integers(9)}" for label in labels]
    return synthetic.task(labels, items=items)


def pictures(n: int = 40):
    rng = np.random.default_rng(0)
    labels = synthetic.balanced(n, 2)
    items = [synthetic.picture(rng, 0.3 + 0.4 * label) for label in labels]
    return synthetic.task(labels, items=items, modality=Modality.IMAGE)


def values(n: int = 40):
    rng = np.random.default_rng(0)
    items = [" ".join(rng.choice(WORDS[i % 2], 2)) for i in range(n)]
    return synthetic.regression([float(i % 2) for i in range(n)], items=items)


@pytest.fixture(params=[texts, pictures, values], ids=lambda make: make.__name__)
def task(request):
    return request.param()


def test_every_control_gives_sound_evidence_and_the_same_twice(task):
    folds = synthetic.folds(len(task))
    first, second = (controls(task, folds, Silent()) for _ in range(2))
    assert len({c.candidate.id for c in first}) == len(first) >= 2
    for one, other in zip(first, second, strict=True):
        assert one.candidate.is_control
        synthetic.evidence_is_sound(one.evidence, task, folds)
        np.testing.assert_array_equal(one.evidence.predictions, other.evidence.predictions)


def test_every_predictor_says_the_same_after_being_written_down(task):
    for control in controls(task, synthetic.folds(len(task)), Silent()):
        before = control.predictor.predict(task.inputs)
        again = type(control.predictor).from_state(*control.predictor.state()).predict(task.inputs)
        np.testing.assert_allclose(before, again, atol=1e-5)
        assert len(control.predictor.predict(task.inputs.select([0]))) == 1


@pytest.mark.parametrize("make", [texts, pictures], ids=lambda make: make.__name__)
def test_the_best_control_learns_an_easy_task(make):
    task = make()
    fitted = controls(task, synthetic.folds(len(task), labels=task.targets), Silent())
    right = [(c.evidence.pooled.argmax(1) == task.targets).mean() for c in fitted]
    assert max(right) > 0.9


def test_texts_without_words_still_have_a_control():
    task = synthetic.task(synthetic.balanced(20, 2), items=["?!"] * 20)
    assert controls(task, synthetic.folds(20), Silent())


def test_more_labels_never_look_worthless_where_the_control_learns():
    task = pictures(60)
    folds = synthetic.folds(60, labels=task.targets)
    curve = control_curve(controls(task, folds, Silent()), task, folds)
    assert curve is not None
    worth = label_equivalents(curve, (0.9, 0.8), 60, top=1.0, least=0.01)
    assert worth is not None
    assert 0 < worth.low <= worth.value <= worth.high
    points = budget_curve(None, curve, (0.9, 0.8), 60, top=1.0, least=0.01)
    assert [p.n_labels for p in points] == sorted(p.n_labels for p in points)
    assert points[-1].extrapolated
    assert points[-1].transfer is None


def test_an_outlook_rises_and_never_promises_perfection():
    rising = LearningCurve(np.array([20, 35, 50, 65, 80]), np.tile([0.55, 0.66, 0.72, 0.76, 0.78], (8, 1)))
    points = budget_curve(rising, rising, (0.86, 0.8), 100, top=1.0, least=0.005)
    told = [p.transfer for p in points]
    assert told == sorted(told)
    assert [p.transfer for p in points if not p.extrapolated][-1] == 0.86
    assert 0.86 < points[-1].transfer < 1.0


def test_errors_in_the_targets_unit_fall_likewise():
    errors = np.tile(-np.array([3.0, 2.4, 2.1, 1.9, 1.8]), (8, 1))
    falling = LearningCurve(np.array([20, 35, 50, 65, 80]), errors)
    points = budget_curve(falling, falling, (-1.5, -1.7), 100, top=0.0, least=0.01)
    assert -1.5 < points[-1].transfer < 0.0
    worth = label_equivalents(falling, (-1.5, -1.7), 100, top=0.0, least=0.01)
    assert worth is not None
    assert 20 < worth.value < 80


def test_a_transfer_that_does_not_gain_is_worth_no_label():
    task = pictures()
    folds = synthetic.folds(40)
    curve = control_curve(controls(task, folds, Silent()), task, folds)
    assert curve is not None
    worth = label_equivalents(curve, (0.8, 0.9), 40, top=1.0, least=0.01)
    assert worth is not None
    assert worth.value == 0


def test_every_registered_control_names_its_modalities():
    controls(texts(), synthetic.folds(40), Silent())
    assert {"majority", "pictures", "words", "bayes", "nb-svm"} <= set(CONTROLS)
    for name in CONTROLS:
        assert CONTROLS[name].modalities
