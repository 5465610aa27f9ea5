"""The combination as one procedure, so that it can be done again wherever it is judged.

Weights, then pruning to the heaviest networks, then weights again. `crossfit` repeats all of it for every
fold on evidence that never saw that fold, and scores the fold: an estimate of the procedure, not of the
choice that it happened to make.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.candidate import Candidate
from headstart.core.kinds import Kind
from headstart.when.pool import Pool

Array = NDArray[np.float64]

MAX_NETWORKS = 3  # the three heaviest keep nearly all of the gain (DESIGN, traps)
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


def network_of(candidate: Candidate) -> str | None:
    """What must run at prediction time: a source at an input size, or a tuned network of its own."""
    if candidate.is_control:
        return None
    return candidate.id if candidate.rung > 2 else f"{candidate.source}@{candidate.settings.get('size')}"


def combine(
    pool: Pool,
    predictions: NDArray[np.floating],
    rows: NDArray[np.int64],
    max_networks: int = MAX_NETWORKS,
) -> Array:
    """Weights [m] (zeros where pruned) from held-out predictions [m, len(rows), k]."""
    weights = pool.weigh(predictions, rows)
    networks = [network_of(candidate) for candidate in pool.candidates]
    mass: dict[str, float] = {}
    for name, weight in zip(networks, weights, strict=True):
        if name is not None:
            mass[name] = mass.get(name, 0.0) + float(weight)
    heaviest = set(sorted(mass, key=lambda name: (-mass[name], name))[:max_networks])
    keep = [
        i
        for i, name in enumerate(networks)
        if (name is None or name in heaviest) and weights[i] >= LEAST_WEIGHT * weights.max()
    ]
    final = np.zeros(len(weights))
    final[keep] = pool.take(keep).weigh(predictions[keep], rows)
    final[final < LEAST_WEIGHT] = 0.0
    return np.asarray(final / final.sum())


def crossfit(pool: Pool, max_networks: int = MAX_NETWORKS) -> CrossFitted:
    """Predict every row by a combination whose weights never met that row's label."""
    predictions = np.empty(pool.outer.shape[1:])
    for repeat, fold, train, held in pool.folds.splits():
        weights = combine(pool, pool.inner[:, repeat, fold, train], train, max_networks)
        predictions[repeat, held] = np.einsum("m,mnk->nk", weights, pool.outer[:, repeat, held])
    return CrossFitted(predictions, log_density(predictions, pool))


def final_weights(pool: Pool, max_networks: int = MAX_NETWORKS) -> Array:
    """Weights [m] of the combination that is handed back, from all rows."""
    return combine(pool, pool.pooled(), np.arange(len(pool.truth)), max_networks)


def log_density(predictions: Array, pool: Pool) -> Array:
    """[repeats, n] log-probability of the truth; for values, minus squared error in units of the noise."""
    if pool.kind is Kind.CLASSIFICATION:
        chosen = np.take_along_axis(predictions, pool.truth[None, :, None], 2)[..., 0]
        return np.asarray(np.log(np.maximum(chosen, 1e-12)))
    errors = (predictions[..., 0] - pool.truth) ** 2
    return np.asarray(-errors / max(2.0 * float(np.var(pool.truth)), 1e-300))
