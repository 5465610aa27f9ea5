"""Naive Bayes over words: strong with very few and very short texts (Wang & Manning 2012).

It depends on labels throughout, so it is fitted anew for every fold and pair of folds: class counts per
fold make that a few sparse products.
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
from headstart.when.controls.base import CONTROLS, ControlKind, FittedControl, name
from headstart.when.controls.words import read_all

Array = NDArray[np.float64]
SMOOTHING = (0.1, 0.3, 1.0)  # added to every count; chosen like a penalty


@dataclass(frozen=True)
class NaiveBayes:
    """Log-odds of terms by class: scores are counts @ weights + bias, averaged over a text's terms."""

    kind: ClassVar[str] = "naive-bayes"
    terms: tuple[str, ...]
    weights: NDArray[np.float32]
    sharpness: float

    def predict(self, inputs: Inputs) -> Array:
        """[n, k] probabilities."""
        counts = counter(list(self.terms)).transform(read_all(inputs))
        return np.asarray(softmax(_evidence(counts, self.weights.astype(np.float64)) * self.sharpness))

    def state(self) -> tuple[Arrays, Config]:
        """Arrays and JSON."""
        terms = np.frombuffer("\n".join(self.terms).encode(), np.uint8)
        return {"terms": terms, "weights": self.weights}, {"sharpness": self.sharpness}

    @classmethod
    def from_state(cls, arrays: Arrays, config: Config) -> Self:
        """The inverse of `state`."""
        terms = tuple(bytes(arrays["terms"]).decode().split("\n"))
        return cls(terms, arrays["weights"], float(config["sharpness"]))


def counter(terms: list[str] | None = None) -> Any:
    """Counts words and pairs of words, each once a text."""
    from sklearn.feature_extraction.text import CountVectorizer

    options: dict[str, Any] = {"ngram_range": (1, 2), "token_pattern": r"(?u)\b\w+\b", "binary": True}
    return CountVectorizer(vocabulary=terms, **options)


def _weights(class_counts: Array, smoothing: float) -> Array:
    """[terms, k] log-probabilities of terms in a class, from counts [k, terms]."""
    smooth = class_counts + smoothing
    return np.asarray((np.log(smooth) - np.log(smooth.sum(1, keepdims=True))).T)


def _evidence(counts: Any, weights: Array) -> Array:
    """[n, k] summed log-probabilities, tempered by the root of a text's length, as repeated hints agree."""
    length = np.asarray(counts.sum(1)).reshape(-1, 1)
    centred = weights - weights.mean(1, keepdims=True)
    return np.asarray(counts @ centred / np.sqrt(np.maximum(length, 1.0)))


def fit(task: Task, folds: Folds) -> list[FittedControl]:
    """One naive Bayes, for classification."""
    if task.kind is not Kind.CLASSIFICATION:
        return []
    started_s = time.perf_counter()
    words = counter()
    try:
        counts = words.fit_transform(read_all(task.inputs)).astype(np.float64)
    except ValueError:  # no word at all
        return []
    labels = np.eye(len(task.classes))[task.targets]
    n, k = labels.shape
    total = np.asarray(labels.T @ counts)
    outer = np.empty((len(SMOOTHING), folds.n_repeats, n, k))
    inner = np.full((len(SMOOTHING), folds.n_repeats, folds.n_folds, n, k), np.nan)
    for repeat, assignment in enumerate(folds.assignment):
        rows = [np.flatnonzero(assignment == fold) for fold in range(folds.n_folds)]
        held = [np.asarray(labels[part].T @ counts[part]) for part in rows]
        for index, smoothing in enumerate(SMOOTHING):
            for fold, part in enumerate(rows):
                outer[index, repeat, part] = _evidence(counts[part], _weights(total - held[fold], smoothing))
            for a, b in combinations(range(folds.n_folds), 2):
                without = _weights(total - held[a] - held[b], smoothing)
                inner[index, repeat, a, rows[b]] = _evidence(counts[rows[b]], without)
                inner[index, repeat, b, rows[a]] = _evidence(counts[rows[a]], without)
    chosen = calibrate(outer, inner, task.targets, folds)
    weights = _weights(total, SMOOTHING[chosen.penalty_index]).astype(np.float32)
    terms = tuple(str(term) for term in words.get_feature_names_out())
    cost_s = time.perf_counter() - started_s
    evidence = Evidence(name("naive-bayes", "words"), chosen.probabilities, cost_s, inner=chosen.inner)
    return [FittedControl(evidence, NaiveBayes(terms, weights, chosen.sharpness))]


CONTROLS.add("bayes", ControlKind((Modality.TEXT,), fit))
