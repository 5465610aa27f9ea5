"""A score with its interval, from out-of-fold predictions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from headstart.core.estimate import Score
from headstart.core.folds import Folds
from headstart.core.kinds import Kind
from headstart.core.task import Task
from headstart.metrics.intervals import around, difference_spread, spread, widening
from headstart.metrics.scores import METRICS, class_weighted

Array = NDArray[np.float64]

WEIGHS_CLASSES_ALIKE = ("balanced_accuracy", "macro_f1")


def score_of(task: Task, predictions: Array, folds: Folds, counts: Array, *, corrected: bool) -> Score:
    """The task's metric on out-of-fold predictions [n, k], with a 90 % interval.

    `counts` [b, n] are bootstrap resamples of the rows; `corrected` says whether the predictions are of a
    procedure that chose without the rows it is scored on.
    """
    metric = METRICS[task.metric]
    estimate = metric.score(task.targets, predictions)
    error = max(spread(metric, task.targets, predictions, counts), smallest_step(task)) * widening(folds)
    return Score(estimate, around(estimate, error, len(task), bounds=bounds(task)), corrected)


def difference_error(task: Task, ours: Array, theirs: Array, folds: Folds, counts: Array) -> float:
    """Standard error of the gain of predictions [n, k] over others on the same rows.

    A paired bootstrap over `counts` [b, n], no less than the smallest step, widened for shared training data.
    """
    drawn = difference_spread(METRICS[task.metric], task.targets, ours, theirs, counts)
    return max(drawn, smallest_step(task)) * widening(folds)


def as_decided(predictions: Array, task: Task) -> Array:
    """Predictions in the form that the task's metric wants (see `class_weighted`)."""
    if task.metric not in WEIGHS_CLASSES_ALIKE:
        return predictions
    return class_weighted(predictions, class_shares(task))


def class_shares(task: Task) -> Array:
    """[k] share of each class among the labels."""
    return np.bincount(task.targets, minlength=len(task.classes)) / len(task)


def bounds(task: Task) -> tuple[float, float]:
    """Least and greatest possible score."""
    if task.kind is Kind.CLASSIFICATION and task.metric != "neg_log_loss":
        return 0.0, 1.0
    return -np.inf, 1.0 if task.metric == "r2" else 0.0


def smallest_step(task: Task) -> float:
    """A standard error below which nothing can be known: half a row, or a hundredth of the spread."""
    if task.kind is Kind.CLASSIFICATION:
        return 0.5 / len(task)
    unit = 1.0 if task.metric == "r2" else float(np.std(task.targets))
    return 0.01 * unit / float(np.sqrt(len(task)))
