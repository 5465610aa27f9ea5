"""scikit-learn estimators over the main job: constructors only store, `fit` does the work."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils.validation import check_is_fitted

from headstart.recipes import api
from headstart.serve import AdaptedModel


class _Transfer(BaseEstimator):  # type: ignore[misc]
    """What both share. X is a sequence of n images (PIL or paths) or n texts, not a matrix of numbers.

    Parameters are options of ``headstart fit``; after `fit` there are ``model_`` (what is handed back),
    ``record_`` (the run record) and ``verdict_``.
    """

    _kind: str

    def __init__(
        self,
        *,
        preset: str = "balanced",
        time_limit_s: float | None = None,
        metric: str | None = None,
        source: Sequence[str] = (),
        exclude: Sequence[str] = (),
        licence: str = "permissive",
        device: str = "auto",
        threads: int = 0,
        offline: bool = False,
        seed: int = 0,
    ) -> None:
        self.preset = preset
        self.time_limit_s = time_limit_s
        self.metric = metric
        self.source = source
        self.exclude = exclude
        self.licence = licence
        self.device = device
        self.threads = threads
        self.offline = offline
        self.seed = seed

    def _adapt(self, X: Sequence[Any], y: Sequence[Any]) -> None:
        with tempfile.TemporaryDirectory(prefix="headstart-") as folder:
            options = self.get_params(deep=False)
            # What an estimator learns hangs on X and y alone: in a cross-validation, earlier fits have seen
            # the rows that this one is judged on.
            run = api.fit(
                (X, y), kind=self._kind, out=f"{folder}/run", private=True, remember=False, **options
            )
            self.record_ = run.record
            self.verdict_ = run.record.verdict
            self.model_ = AdaptedModel.load(f"{folder}/run/model")

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        tags.no_validation = True  # an image or a text is checked by the data room, not by scikit-learn
        return tags


class TransferClassifier(ClassifierMixin, _Transfer):  # type: ignore[misc]
    """Classify images or texts with whatever transfer the evidence supports.

    >>> TransferClassifier(preset="fast").get_params()["preset"]
    'fast'
    >>> TransferClassifier(time_limit_s=60).fit(photos, labels).predict(others)  # doctest: +SKIP
    """

    _kind = "classification"

    def fit(self, X: Sequence[Any], y: Sequence[Any]) -> Self:
        """Run the main job on n examples and their n labels."""
        self.classes_, coded = np.unique(np.asarray(y), return_inverse=True)
        self._adapt(X, [str(label) for label in self.classes_[coded]])
        return self

    def predict_proba(self, X: Sequence[Any]) -> NDArray[np.float64]:
        """[n, classes] probabilities, in the order of ``classes_``."""
        check_is_fitted(self)
        place = {name: column for column, name in enumerate(self.model_.classes)}
        columns = [place[str(label)] for label in self.classes_]
        return np.asarray(self.model_.predict_proba(X))[:, columns]

    def predict(self, X: Sequence[Any]) -> NDArray[Any]:
        """[n] classes, as they were in y."""
        check_is_fitted(self)
        as_given = {str(label): label for label in self.classes_}
        return np.array([as_given[name] for name in self.model_.predict(X)], dtype=self.classes_.dtype)


class TransferRegressor(RegressorMixin, _Transfer):  # type: ignore[misc]
    """Predict a number from images or texts with whatever transfer the evidence supports.

    >>> TransferRegressor(seed=3)
    TransferRegressor(seed=3)
    """

    _kind = "regression"

    def fit(self, X: Sequence[Any], y: Sequence[float]) -> Self:
        """Run the main job on n examples and their n values."""
        self._adapt(X, y)
        return self

    def predict(self, X: Sequence[Any]) -> NDArray[np.float64]:
        """[n] values."""
        check_is_fitted(self)
        return np.asarray(self.model_.predict(X), dtype=np.float64)
