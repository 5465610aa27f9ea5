"""Scores by name: larger is always better, and every row may count with a weight.

Predictions are class probabilities [n, k] with integer truth [n], or values [n, 1] with float truth [n].
Weights make the bootstrap one loop of weighted scores instead of a loop of copied rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import OptionError
from headstart.core.kinds import Kind
from headstart.core.registry import Registry

Array = NDArray[np.float64]
Function = Callable[[NDArray[Any], Array, Array], float]
Rows = Callable[[NDArray[Any], Array], Array]


@dataclass(frozen=True)
class Metric:
    """A named score for one kind of task."""

    name: str
    kind: Kind
    function: Function
    rows: Rows | None = None  # per-row values [n] whose mean is the score, where there are such

    def score(self, truth: NDArray[Any], predictions: Array, weights: Array | None = None) -> float:
        """Score of predictions for truth [n]; rows count `weights` [n] (all alike when None).

        >>> METRICS["accuracy"].score(np.array([0, 1]), np.array([[0.9, 0.1], [0.8, 0.2]]))
        0.5
        """
        rows = np.ones(len(truth)) if weights is None else weights
        return float(self.function(truth, predictions, rows))


METRICS: Registry[Metric] = Registry("metric")


def metric(name: str, kind: Kind, rows: Rows | None = None) -> Callable[[Function], Function]:
    """Register a function (truth, predictions, weights) -> score under a name."""

    def add(function: Function) -> Function:
        METRICS.add(name, Metric(name, kind, function, rows))
        return function

    return add


def fitting(name: str | None, kind: Kind) -> None:
    """Check that the metric asked for (None: the usual one) scores this kind of task.

    Raises:
        OptionError: it is unknown, or of the other kind.
    """
    if name is None or METRICS[name].kind is kind:
        return
    labels = "numbers" if kind is Kind.REGRESSION else "classes"
    known = [each for each in METRICS if METRICS[each].kind is kind]
    raise OptionError(
        f"{name!r} does not score {labels}, which these labels are",
        where="--metric",
        expected=f"one of {', '.join(known)}",
        remedy="Name one of these, or leave --metric out.",
    )


def class_weighted(predictions: Array, prior: Array) -> Array:
    """Probabilities [n, k] divided by the classes' shares [k] and normalised again.

    The most probable class is then the Bayes decision for scores that weigh classes alike (balanced
    accuracy): without it a rare class is hardly ever predicted.
    """
    weighted = predictions / np.maximum(prior, 1e-12)
    return np.asarray(weighted / weighted.sum(1, keepdims=True))


def right(truth: NDArray[Any], predictions: Array) -> Array:
    """[n] 1 where the most probable class is the true one."""
    return np.asarray(predictions.argmax(1) == truth, dtype=np.float64)


def right_by_class(truth: NDArray[Any], predictions: Array) -> Array:
    """[n] like `right`, each class scaled to the same total."""
    sizes = np.bincount(truth)
    return np.asarray(right(truth, predictions) * (len(truth) / (sizes > 0).sum() / sizes[truth]))


def log_probability(truth: NDArray[Any], predictions: Array) -> Array:
    """[n] log-probability (nats) of the true class."""
    return np.asarray(np.log(np.maximum(predictions[np.arange(len(truth)), truth], 1e-15)))


def ranked_right(truth: NDArray[Any], predictions: Array) -> Array:
    """[n] what each row adds to the area under the ROC curve, to first order; their mean is the area.

    By DeLong, DeLong & Clarke-Pearson (1988): a positive counts the share of negatives ranked below it, a
    negative the share of positives above it. More than two classes: the mean of one against the rest.
    """
    from scipy.stats import rankdata

    n, rows, areas = len(truth), np.zeros(len(truth)), 0
    for label in [1] if predictions.shape[1] == 2 else range(predictions.shape[1]):
        is_it, sure = truth == label, predictions[:, label]
        n_it = int(is_it.sum())
        if not 0 < n_it < n:
            continue
        ranks, placed = rankdata(sure), np.empty(n)
        placed[is_it] = (ranks[is_it] - rankdata(sure[is_it])) / (n - n_it)
        placed[~is_it] = 1.0 - (ranks[~is_it] - rankdata(sure[~is_it])) / n_it
        area = placed[is_it].mean()
        rows += area + (placed - area) * np.where(is_it, n / n_it, n / (n - n_it))
        areas += 1
    return rows / areas if areas else np.full(n, 0.5)


def closeness(truth: NDArray[Any], predictions: Array) -> Array:
    """[n] negated absolute errors."""
    return np.asarray(-np.abs(predictions[:, 0] - truth))


@metric("accuracy", Kind.CLASSIFICATION, right)
def accuracy(truth: NDArray[Any], predictions: Array, weights: Array) -> float:
    """Share of rows whose most probable class is the true one."""
    return float(weights @ right(truth, predictions) / weights.sum())


@metric("balanced_accuracy", Kind.CLASSIFICATION, right_by_class)
def balanced_accuracy(truth: NDArray[Any], predictions: Array, weights: Array) -> float:
    """Mean over the classes present of the share of their rows that is right."""
    hits = np.bincount(truth, weights * right(truth, predictions))
    sizes = np.bincount(truth, weights)
    return float((hits[sizes > 0] / sizes[sizes > 0]).mean())


@metric("macro_f1", Kind.CLASSIFICATION)
def macro_f1(truth: NDArray[Any], predictions: Array, weights: Array) -> float:
    """Mean over classes of the harmonic mean of precision and recall (a class nobody names counts 0)."""
    k = predictions.shape[1]
    named = predictions.argmax(1)
    hits = np.bincount(truth, weights * (named == truth), k)
    both = np.bincount(truth, weights, k) + np.bincount(named, weights, k)
    return float((2 * hits[both > 0] / both[both > 0]).mean())


@metric("neg_log_loss", Kind.CLASSIFICATION, log_probability)
def neg_log_loss(truth: NDArray[Any], predictions: Array, weights: Array) -> float:
    """Mean log-probability (nats) of the true class."""
    return float(weights @ log_probability(truth, predictions) / weights.sum())


@metric("roc_auc", Kind.CLASSIFICATION, ranked_right)
def roc_auc(truth: NDArray[Any], predictions: Array, weights: Array) -> float:
    """Area under the ROC curve; with more than two classes the mean of one against the rest."""
    from sklearn.metrics import roc_auc_score

    classes = [1] if predictions.shape[1] == 2 else range(predictions.shape[1])
    areas = [
        roc_auc_score(truth == c, predictions[:, c], sample_weight=weights)
        for c in classes
        if 0 < weights @ (truth == c) < weights.sum()
    ]
    return float(np.mean(areas)) if areas else 0.5


@metric("neg_rmse", Kind.REGRESSION)
def neg_rmse(truth: NDArray[Any], predictions: Array, weights: Array) -> float:
    """Negated root of the mean squared error, in the target's unit."""
    return -float(np.sqrt(weights @ (predictions[:, 0] - truth) ** 2 / weights.sum()))


@metric("neg_mae", Kind.REGRESSION, closeness)
def neg_mae(truth: NDArray[Any], predictions: Array, weights: Array) -> float:
    """Negated mean absolute error, in the target's unit."""
    return float(weights @ closeness(truth, predictions) / weights.sum())


@metric("r2", Kind.REGRESSION)
def r2(truth: NDArray[Any], predictions: Array, weights: Array) -> float:
    """Share of the target's variance explained (1 at best, 0 for the mean)."""
    centre = weights @ truth / weights.sum()
    total = weights @ (truth - centre) ** 2
    return float(1.0 - weights @ (predictions[:, 0] - truth) ** 2 / max(total, 1e-300))
