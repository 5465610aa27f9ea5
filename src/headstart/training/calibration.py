"""From raw scores to probabilities: the penalty and the sharpness that explain other rows best.

Scores of a ridge on one-hot targets are not probabilities; ``softmax(sharpness * score)`` is, and the
sharpness (an inverse temperature, Guo et al. 2017) is chosen with the penalty by log-likelihood on
scores of rows that were held out. For the rows of fold f the choice is made on scores that never saw
fold f: choosing on the other rows' plain out-of-fold scores looks cross-fitted but is not, and made pure
noise look .03 nats (and 11 points) better than it was at 20 labels a class (docs/LOG.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.folds import Folds

Array = NDArray[np.float64]

SHARPNESS: tuple[float, ...] = (0.5, 1.0, 2.0, 3.0, 4.5, 6.5, 10.0, 15.0, 22.0, 33.0, 50.0)
# So many rows speak for "any class": with few rows, chance agreement must not make a useless probe sharp
# (without it a TF-IDF ridge at 20 labels a class lost up to .7 nats on new texts; docs/LOG.md).
DOUBT_ROWS = 3.0
FLOOR = 1e-4  # no probability below it: one confident error must not decide a comparison


def softmax(scores: Array, axis: int = -1) -> Array:
    """Softmax with a floor: probabilities lie in [FLOOR, 1) and sum to 1.

    >>> softmax(np.array([[0.0, 0.0]])).tolist()
    [[0.5, 0.5]]
    """
    probabilities = np.asarray(scores - scores.max(axis=axis, keepdims=True))
    np.exp(probabilities, out=probabilities)  # in place: the choice of a setting asks thousands of times
    probabilities /= probabilities.sum(axis=axis, keepdims=True)
    k = scores.shape[axis]
    if k * FLOOR < 0.5:
        probabilities *= 1.0 - k * FLOOR
        probabilities += FLOOR
    return probabilities


@dataclass(frozen=True)
class Calibrated:
    """Honest probabilities, and the setting for a model fitted on all rows.

    Attributes:
        probabilities: [repeats, n, k] out of fold.
        inner: [repeats, folds, n, k] by models without fold f and the row's own; NaN inside f.
    """

    probabilities: Array
    inner: Array
    penalty_index: int
    sharpness: float


def calibrate(outer: Array, inner: Array, labels: NDArray[np.int64], folds: Folds) -> Calibrated:
    """Choose (penalty, sharpness); for the rows of fold f on scores that never saw fold f.

    `outer` [penalties, repeats, n, k] and `inner` [penalties, repeats, folds, n, k] are the scores of
    `Spectrum.out_of_fold` and `Spectrum.nested`.
    """
    _, n_repeats, n_rows, n_classes = outer.shape
    honest = np.empty((n_repeats, n_rows, n_classes))
    within = np.full((n_repeats, folds.n_folds, n_rows, n_classes), np.nan)
    for repeat, fold, train, held in folds.splits():
        penalty, sharpness = best_setting(inner[:, repeat, fold, train], labels[train])
        honest[repeat, held] = softmax(outer[penalty, repeat, held] * sharpness)
        within[repeat, fold, train] = softmax(inner[penalty, repeat, fold, train] * sharpness)
    flat = outer.reshape(len(outer), -1, n_classes)
    penalty, sharpness = best_setting(flat, np.tile(labels, n_repeats))
    return Calibrated(honest, within, penalty, sharpness)


def best_setting(scores: Array, labels: NDArray[np.int64]) -> tuple[int, float]:
    """The (index of the penalty, sharpness) whose softmax explains `labels` [n] best; scores [p, n, k]."""
    loglik = np.empty((len(SHARPNESS), len(scores)))
    doubt = DOUBT_ROWS / (len(labels) + DOUBT_ROWS)
    below = np.ascontiguousarray(np.moveaxis(scores - scores.max(-1, keepdims=True), -1, 0))  # [k, p, n]
    rows = np.arange(len(labels))
    for index, sharpness in enumerate(SHARPNESS):
        log = softmax(below * sharpness, axis=0)
        np.log(log, out=log)
        loglik[index] = (1.0 - doubt) * log[labels, :, rows].sum(0) + doubt * log.mean(0).sum(1)
    sharp, penalty = np.unravel_index(int(loglik.argmax()), loglik.shape)
    return int(penalty), SHARPNESS[sharp]
