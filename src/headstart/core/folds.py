"""One set of folds for every candidate and control of a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Folds:
    """Repeated K-fold: `assignment[r, i]` is the fold that holds row i out in repeat r.

    >>> folds = Folds(np.array([[0, 1, 0, 1]]))
    >>> folds.n_folds, folds.n_repeats, [held.tolist() for *_, held in folds.splits()]
    (2, 1, [[0, 2], [1, 3]])
    """

    assignment: NDArray[np.int64]

    @property
    def n_repeats(self) -> int:
        """Number of repeats r."""
        return int(self.assignment.shape[0])

    @property
    def n_folds(self) -> int:
        """Number of folds K in each repeat."""
        return int(self.assignment.max()) + 1

    @property
    def n_rows(self) -> int:
        """Number of rows n."""
        return int(self.assignment.shape[1])

    def splits(self) -> Iterator[tuple[int, int, NDArray[np.int64], NDArray[np.int64]]]:
        """Every (repeat, fold, rows to train on, rows held out)."""
        for repeat in range(self.n_repeats):
            for fold in range(self.n_folds):
                held = self.assignment[repeat] == fold
                yield repeat, fold, np.flatnonzero(~held), np.flatnonzero(held)
