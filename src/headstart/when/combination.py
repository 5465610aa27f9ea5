"""The combination as one procedure, so that it can be done again wherever it is judged.

Weights, then pruning to the heaviest networks within the limits, then weights again. `crossfit` repeats all
of it for every fold on evidence that never saw that fold, and scores the fold: an estimate of the procedure,
not of the choice that it happened to make.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.kinds import Kind
from headstart.when.limits import USUAL, Limits, unit_of
from headstart.when.pool import Pool

Array = NDArray[np.float64]

LEAST_WEIGHT = 0.01  # members below it are left out of the model


@dataclass(frozen=True)
class CrossFitted:
    """Honest predictions of a combination: [repeats, n, k], and each row's log-density [repeats, n]."""

    predictions: Array
    fit: Array

    @property
    def pooled(self) -> Array:
        """[n, k] predictions averaged over repeats."""
        return np.asarray(self.predictions.mean(0))


def combine(
    pool: Pool, predictions: NDArray[np.floating], rows: NDArray[np.int64], limits: Limits = USUAL
) -> Array:
    """Weights [m] (zeros where pruned) from held-out predictions [m, len(rows), k].

    What could never be in the model does not share in the first weights either.
    """
    able = [i for i, candidate in enumerate(pool.candidates) if limits.admits(candidate)]
    able = able or list(range(len(pool.candidates)))
    weights = _weighed(pool, predictions, rows, able)
    kept = limits.heaviest([pool.candidates[i] for i in able], weights[able].tolist())
    able = [i for i in able if unit_of(pool.candidates[i]) in kept]
    keep = [i for i in able if weights[i] >= LEAST_WEIGHT * weights.max()]
    final = _weighed(pool, predictions, rows, keep or able)
    final[final < LEAST_WEIGHT] = 0.0
    return np.asarray(final / final.sum())


def _weighed(
    pool: Pool, predictions: NDArray[np.floating], rows: NDArray[np.int64], keep: list[int]
) -> Array:
    """Weights [m], zero but for `keep`."""
    weights = np.zeros(len(pool.candidates))
    if len(keep) == len(weights):
        return pool.weigh(predictions, rows)
    weights[keep] = pool.take(keep).weigh(predictions[keep], rows)
    return weights


def crossfit(pool: Pool, limits: Limits = USUAL) -> CrossFitted:
    """Predict every row by a combination whose weights never met that row's label."""
    predictions = np.empty(pool.outer.shape[1:])
    for repeat, fold, train, held in pool.folds.splits():
        weights = combine(pool, pool.inner[:, repeat, fold, train], train, limits)
        predictions[repeat, held] = np.einsum("m,mnk->nk", weights, pool.outer[:, repeat, held])
    return CrossFitted(predictions, log_density(predictions, pool))


def final_weights(pool: Pool, limits: Limits = USUAL) -> Array:
    """Weights [m] of the combination that is handed back, from all rows."""
    return combine(pool, pool.pooled(), np.arange(len(pool.truth)), limits)


def log_density(predictions: Array, pool: Pool) -> Array:
    """[repeats, n] log-probability of the truth; for values, minus squared error in units of the noise."""
    if pool.kind is Kind.CLASSIFICATION:
        chosen = np.take_along_axis(predictions, pool.truth[None, :, None], 2)[..., 0]
        return np.asarray(np.log(np.maximum(chosen, 1e-12)))
    errors = (predictions[..., 0] - pool.truth) ** 2
    return np.asarray(-errors / max(2.0 * float(np.var(pool.truth)), 1e-300))
