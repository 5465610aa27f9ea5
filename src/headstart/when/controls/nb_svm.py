"""NB-SVM, the control between naive Bayes and a linear model (Wang & Manning, ACL 2012).

Its log-count ratios depend on labels, so that all is fitted anew for every fold and pair of folds.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from headstart.core.evidence import Evidence
from headstart.core.folds import Folds
from headstart.core.kinds import Kind, Modality
from headstart.core.predictor import Arrays, Config
from headstart.core.task import Inputs, Task
from headstart.training.calibration import calibrate, softmax
from headstart.training.probe import NESTED_UP_TO, plain_inner
from headstart.when.controls.base import CONTROLS, ControlKind, FittedControl, name
from headstart.when.controls.bayes import counter
from headstart.when.controls.ratios import BETAS, Machines, lengths
from headstart.when.controls.words import read_all

Array = NDArray[np.float64]
MOST_CLASSES, MOST_TEXTS = 30, 5000  # beyond, it costs more than a look


@dataclass(frozen=True)
class NaiveBayesMachine:
    """Scores are counts @ weights [terms, k] over the root of the number of known terms, plus bias [k]."""

    kind: ClassVar[str] = "nb-svm"
    terms: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: Array
    sharpness: float

    def predict(self, inputs: Inputs) -> Array:
        """[n, k] probabilities."""
        counts = counter(list(self.terms)).transform(read_all(inputs)).astype(np.float64)
        scores = np.asarray(counts @ self.weights) / lengths(counts) + self.bias
        return np.asarray(softmax(scores * self.sharpness))

    def state(self) -> tuple[Arrays, Config]:
        """Arrays and JSON."""
        terms = np.frombuffer("\n".join(self.terms).encode(), np.uint8)
        return {"terms": terms, "weights": self.weights, "bias": self.bias}, {"sharpness": self.sharpness}

    @classmethod
    def from_state(cls, arrays: Arrays, config: Config) -> Self:
        """The inverse of `state`."""
        terms = tuple(bytes(arrays["terms"]).decode().split("\n"))
        return cls(terms, arrays["weights"], arrays["bias"], float(config["sharpness"]))


def fit(task: Task, folds: Folds) -> list[FittedControl]:
    """One NB-SVM, for classification of not too many texts in not too many classes."""
    if task.kind is not Kind.CLASSIFICATION or len(task.classes) > MOST_CLASSES or len(task) > MOST_TEXTS:
        return []
    started_s = time.perf_counter()
    words = counter()
    try:
        counts = words.fit_transform(read_all(task.inputs)).astype(np.float64).tocsr()
    except ValueError:  # no word at all
        return []
    labels = np.eye(len(task.classes))[task.targets]
    outer, inner = held_out(counts, labels, folds)
    chosen = calibrate(outer, inner, task.targets, folds)
    whole = Machines.of(counts, labels)
    weights = whole.weights[chosen.penalty_index].astype(np.float32)
    terms = tuple(str(term) for term in words.get_feature_names_out())
    predictor = NaiveBayesMachine(terms, weights, whole.bias, chosen.sharpness)
    candidate = name("nb-svm", "words", beta=BETAS[chosen.penalty_index])
    cost_s = time.perf_counter() - started_s
    return [FittedControl(Evidence(candidate, chosen.probabilities, cost_s, inner=chosen.inner), predictor)]


def held_out(counts: Any, labels: Array, folds: Folds) -> tuple[Array, Array]:
    """Scores [betas, repeats, n, k] without a row's fold, and [betas, repeats, folds, n, k] without two."""
    n, k = labels.shape
    outer = np.empty((len(BETAS), folds.n_repeats, n, k))
    inner = np.full((len(BETAS), folds.n_repeats, folds.n_folds, n, k), np.nan)

    def without(*parts: NDArray[np.int64]) -> Machines:
        rest = np.setdiff1d(np.arange(n), np.concatenate(parts))
        return Machines.of(counts[rest], labels[rest])

    for repeat, assignment in enumerate(folds.assignment):
        rows = [np.flatnonzero(assignment == f) for f in range(folds.n_folds)]
        for part in rows:
            outer[:, repeat, part] = without(part).scores(counts[part])
        if n > NESTED_UP_TO:
            continue
        for a, b in combinations(range(folds.n_folds), 2):
            machines = without(rows[a], rows[b])
            inner[:, repeat, a, rows[b]] = machines.scores(counts[rows[b]])
            inner[:, repeat, b, rows[a]] = machines.scores(counts[rows[a]])
    return outer, inner if n <= NESTED_UP_TO else plain_inner(outer, folds)


CONTROLS.add("nb-svm", ControlKind((Modality.TEXT,), fit))
