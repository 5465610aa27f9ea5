"""Returns over seeds and episodes: the interquartile mean and its interval.

Agarwal et al., "Deep Reinforcement Learning at the Edge of the Statistical Precipice" (NeurIPS 2021): the
mean of the middle half of all runs is less noisy than the median and less swayed by outliers than the mean;
its interval comes from a bootstrap that is stratified, here by seed of the learner.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from headstart.core.estimate import Interval, Score
from headstart.core.seeds import generator
from headstart.metrics.intervals import LEVEL

Array = NDArray[np.float64]

METRIC = "return"
RESAMPLES = 2000


def interquartile_mean(values: ArrayLike, axis: int = -1) -> Any:
    """Mean of the middle half; partly counted values at the two ends, so that it is smooth in n.

    >>> float(interquartile_mean([0.0, 1.0, 2.0, 100.0])), float(interquartile_mean([3.0]))
    (1.5, 3.0)
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64), axis=axis)
    n = ordered.shape[axis]
    edges = np.arange(n + 1) / n
    weights = np.clip(np.minimum(edges[1:], 0.75) - np.maximum(edges[:-1], 0.25), 0.0, None)
    return np.tensordot(ordered, weights / weights.sum(), axes=([axis], [0]))


def score(returns: Sequence[ArrayLike], seed: int = 0, *, level: float = LEVEL) -> Score:
    """The interquartile mean of returns (one row of episodes per learner) with its bootstrap interval.

    Learners are drawn with replacement, then the episodes of each: both kinds of chance count. With one
    learner the interval speaks of episodes only.
    """
    rows = [np.asarray(row, dtype=np.float64) for row in returns]
    estimate = float(interquartile_mean(np.concatenate(rows)))
    drawn = _drawn(rows, generator(seed, "returns"))
    low, high = np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2])
    return Score(estimate, Interval(float(low), float(high), level))


def difference(
    ours: Sequence[ArrayLike], theirs: Sequence[ArrayLike], seed: int = 0, *, level: float = LEVEL
) -> tuple[Score, float]:
    """Interquartile mean of `ours` minus that of `theirs`, its interval, and the share of draws above 0."""
    left = [np.asarray(row, dtype=np.float64) for row in ours]
    right = [np.asarray(row, dtype=np.float64) for row in theirs]
    gap = float(interquartile_mean(np.concatenate(left)) - interquartile_mean(np.concatenate(right)))
    drawn = _drawn(left, generator(seed, "ours")) - _drawn(right, generator(seed, "theirs"))
    low, high = np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2])
    above = float((drawn > 0).mean() + 0.5 * (drawn == 0).mean())
    return Score(gap, Interval(float(low), float(high), level)), above


def paired(ours: ArrayLike, theirs: ArrayLike, seed: int = 0, *, level: float = LEVEL) -> tuple[Score, float]:
    """The same for two policies on the same episodes (one start and one noise for both), drawn in pairs."""
    left, right = np.asarray(ours, dtype=np.float64), np.asarray(theirs, dtype=np.float64)
    gap = float(interquartile_mean(left) - interquartile_mean(right))
    rows = generator(seed, "paired").integers(0, len(left), (RESAMPLES, len(left)))
    drawn = interquartile_mean(left[rows]) - interquartile_mean(right[rows])
    low, high = np.quantile(drawn, [0.5 - level / 2, 0.5 + level / 2])
    above = float((drawn > 0).mean() + 0.5 * (drawn == 0).mean())
    return Score(gap, Interval(float(low), float(high), level)), above


def _drawn(rows: Sequence[Array], rng: np.random.Generator) -> Array:
    """[RESAMPLES] interquartile means of resampled learners and, of each, resampled episodes."""
    learners = rng.multinomial(len(rows), np.full(len(rows), 1.0 / len(rows)), RESAMPLES)
    counts = [
        rng.multinomial(times * len(row), np.full(len(row), 1.0 / len(row)))
        for row, times in zip(rows, learners.T, strict=True)
    ]
    return _counted(np.concatenate(rows), np.concatenate(counts, axis=1).astype(np.float64))


def _counted(values: Array, counts: Array) -> Array:
    """[b] interquartile means where each of n values stands as often as `counts` [b, n] says."""
    order = np.argsort(values)
    shares = counts[:, order] / counts.sum(1, keepdims=True)
    ends = shares.cumsum(1)
    weights = np.clip(np.minimum(ends, 0.75) - np.maximum(ends - shares, 0.25), 0.0, None)
    return np.asarray(weights @ values[order] / weights.sum(1))
