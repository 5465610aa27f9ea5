"""Do two views describe the same examples? A test on their kernels that needs no label.

The bias-corrected distance correlation of Szekely & Rizzo (J. Multivariate Analysis 117, 2013), on Gram
matrices: with diagonals left out and rows U-centred, the cosine of two kernels is 0 in the mean when the
views have nothing to do with each other, with a standard error of ``sqrt(2 / (n (n - 3)))`` whatever the
kernels look like (it is the variance over all permutations of the rows).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

NOTHING = 1e-9  # of a kernel's norm: what centring leaves of a constant one is rounding
LEAST_ROWS = 4  # below it the centring leaves nothing


def alignment(one: Array, other: Array) -> float:
    """Cosine in -1…1 of two U-centred Gram matrices [n, n]; 0 where one of them is constant.

    >>> rows = np.random.default_rng(0).normal(size=(40, 5))
    >>> round(alignment(rows @ rows.T, rows @ rows.T), 3)
    1.0
    """
    left, right = u_centred(one), u_centred(other)
    sizes = [float(np.linalg.norm(centred)) for centred in (left, right)]
    if any(
        size <= NOTHING * np.linalg.norm(kernel) for size, kernel in zip(sizes, (one, other), strict=True)
    ):
        return 0.0
    return float((left * right).sum()) / (sizes[0] * sizes[1])


def standard_error(n: int) -> float:
    """Of `alignment` over permutations of n >= 4 rows; infinite below.

    >>> round(standard_error(100), 4)
    0.0144
    """
    return math.sqrt(2.0 / (n * (n - 3))) if n >= LEAST_ROWS else math.inf


def u_centred(kernel: Array) -> Array:
    """The kernel [n, n] without its diagonal, every row summing to 0 (n >= 4)."""
    n = len(kernel)
    if n < LEAST_ROWS:
        return np.zeros_like(kernel, dtype=np.float64)
    out = np.array(kernel, dtype=np.float64)
    np.fill_diagonal(out, 0.0)
    rows = out.sum(1)
    out += rows.sum() / ((n - 1) * (n - 2)) - (rows[:, None] + rows[None]) / (n - 2)
    np.fill_diagonal(out, 0.0)
    return out
