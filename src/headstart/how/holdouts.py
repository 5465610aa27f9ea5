"""Which rows each fold model leaves out: the run's own folds, a few of them together where fits are dear."""

from __future__ import annotations

import numpy as np

from headstart.core.folds import Folds
from headstart.training.states import Rows


def holdouts(folds: Folds, fits: int) -> list[Rows]:
    """Rows held out by each of `fits` models: adjacent folds of repeat 0, joined; every row once.

    A model that leaves out two folds is fitted on less, so its evidence errs on the modest side.

    >>> [held.tolist() for held in holdouts(Folds(np.array([[0, 1, 2, 0, 1, 2]])), 2)]
    [[0, 1, 3, 4], [2, 5]]
    """
    joined = np.array_split(np.arange(folds.n_folds), min(fits, folds.n_folds))
    return [np.flatnonzero(np.isin(folds.assignment[0], group)) for group in joined]
