"""Intervals that allow for shared training data.

A bootstrap over rows knows how much a score would move with other test rows, not how much it would move
with other training rows; intervals from it cover about half of what they claim. Nadeau & Bengio (2003)
add the missing part: for J = folds x repeats scores the variance is ``(1/J + n_test/n_train) s^2`` in
place of ``s^2 / J``. With K folds, R repeats and rows as the unit, that multiplies the variance of a mean
over n rows by ``1/R + K/(K - 1)``, held out once a repeat.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm as normal
from scipy.stats import t as student

from headstart.core.estimate import Interval
from headstart.core.folds import Folds
from headstart.metrics.scores import Metric

Array = NDArray[np.float64]

LEVEL = 0.9
RESAMPLES = 400  # the standard error of a standard error is then 3.5 %


def widening(folds: Folds) -> float:
    """Factor (>= 1) on a row bootstrap's standard error, by Nadeau & Bengio's correction.

    >>> round(widening(Folds(np.array([[0, 1, 2, 3, 4]]))), 3)
    1.5
    """
    return math.sqrt(1.0 / folds.n_repeats + folds.n_folds / (folds.n_folds - 1))


def resamples(n: int, rng: np.random.Generator, groups: NDArray[np.int64] | None = None) -> Array:
    """[RESAMPLES, n] how often each row is drawn; rows of one group are drawn together."""
    if groups is None:
        return rng.multinomial(n, np.full(n, 1.0 / n), RESAMPLES).astype(np.float64)
    names, member = np.unique(groups, return_inverse=True)
    drawn = rng.multinomial(len(names), np.full(len(names), 1.0 / len(names)), RESAMPLES)
    return np.asarray(drawn[:, member], dtype=np.float64)


def spread(metric: Metric, truth: NDArray[Any], predictions: Array, counts: Array) -> float:
    """Standard deviation of a score over resamples `counts` [b, n] of the rows."""
    return difference_spread(metric, truth, predictions, None, counts)


def difference_spread(
    metric: Metric, truth: NDArray[Any], ours: Array, theirs: Array | None, counts: Array
) -> float:
    """Standard deviation of the difference of two scores over paired resamples (`theirs` None: of one)."""
    if metric.rows is not None:
        rows = metric.rows(truth, ours)
        if theirs is not None:
            rows = rows - metric.rows(truth, theirs)
        return float((counts @ rows / counts.sum(1)).std())
    drawn = [metric.score(truth, ours, weights) for weights in counts]
    if theirs is not None:
        drawn = [a - metric.score(truth, theirs, w) for a, w in zip(drawn, counts, strict=True)]
    return float(np.std(drawn))


def around(
    estimate: float,
    spread: float,
    rows: int,
    *,
    level: float = LEVEL,
    bounds: tuple[float, float] = (-math.inf, math.inf),
) -> Interval:
    """Interval `estimate` +- Student quantile (rows - 1 degrees of freedom) x `spread`, kept in bounds.

    >>> round(around(0.5, 0.1, 1000).low, 3)
    0.335
    """
    reach = float(student.ppf(0.5 + level / 2, max(rows - 1, 1))) * spread
    return Interval(max(estimate - reach, bounds[0]), min(estimate + reach, bounds[1]), level)


def wilson(hits: float, n: float, *, level: float = LEVEL) -> Interval:
    """Wilson's score interval of a share, hits of n (Wilson 1927): it holds where few or all are hits.

    `n` may be an effective number of rows, smaller than that of the rows.

    >>> found = wilson(9, 10)
    >>> round(found.low, 3), round(found.high, 3)
    (0.652, 0.977)
    """
    if n <= 0:
        return Interval(0.0, 1.0, level)
    z, share = float(normal.ppf(0.5 + level / 2)), hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Interval(max(middle - reach, 0.0), min(middle + reach, 1.0), level)
