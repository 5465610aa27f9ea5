"""The penalty of a regression probe, by squared error on rows that the choice is not for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from headstart.core.folds import Folds

Array = NDArray[np.float64]


def calibrate_values(
    outer: Array, inner: Array, truth: NDArray[np.float64], folds: Folds
) -> tuple[Array, Array, int]:
    """Honest values [repeats, n, 1], inner values [repeats, folds, n, 1], index of the final penalty.

    `outer` [penalties, repeats, n, 1] and `inner` [penalties, repeats, folds, n, 1] as in
    `calibration.calibrate`, whose rule (choose for fold f on what never saw fold f) is the same here.
    """
    honest = np.empty(outer.shape[1:])
    within = np.full(inner.shape[1:], np.nan)
    for repeat, fold, train, held in folds.splits():
        errors = (inner[:, repeat, fold, train, 0] - truth[train]) ** 2
        best = int(errors.sum(1).argmin())
        honest[repeat, held] = outer[best, repeat, held]
        within[repeat, fold, train] = inner[best, repeat, fold, train]
    final = int(((outer[..., 0] - truth) ** 2).sum((1, 2)).argmin())
    return honest, within, final
