"""How unlike the training data an input is: its nearest neighbour against the training rows' own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from headstart.what.heads import unit

MOST_ROWS = 5000  # a random part of larger training data tells as much
# A row met again lies within rounding of itself (rows are kept in half precision: 6e-5 at most was seen).
# Where a source finds all inputs much alike, a twentieth of the usual distance is asked.
ROUNDING, SAME, SAME_FRAC = 1e-4, 5e-4, 0.05


@dataclass(frozen=True)
class Familiarity:
    """Unit features of training rows [n, d] at a tap, and their own nearest distances [n], sorted."""

    tap: str
    rows: NDArray[np.float16]
    nearest: NDArray[np.float32]

    @classmethod
    def of(cls, tap: str, features: NDArray[np.float32], rng: np.random.Generator) -> Self:
        """From training features [n, d]."""
        chosen = features
        if len(features) > MOST_ROWS:
            chosen = features[np.sort(rng.choice(len(features), MOST_ROWS, replace=False))]
        rows = unit(chosen)
        likeness = rows @ rows.T
        np.fill_diagonal(likeness, -1.0)
        return cls(tap, rows.astype(np.float16), np.sort(1.0 - likeness.max(1)).astype(np.float32))

    def known(self, features: NDArray[np.float32]) -> NDArray[np.bool_]:
        """[n] whether an input is a training row, or all but one.

        Where the training data had more than MOST_ROWS rows, only a part of them is recognised.
        """
        near = SAME_FRAC * float(np.median(self.nearest))
        return np.asarray(self._distance(features) <= min(SAME, max(near, ROUNDING)))

    def unlike(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """[n] share of training rows that lie closer to their neighbour than the input does to its own.

        1 means: farther from all training data than any training row is from the rest.
        """
        return np.asarray(np.searchsorted(self.nearest, self._distance(features)) / len(self.nearest))

    def _distance(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """[n] 1 minus the cosine to the nearest training row."""
        return np.asarray(1.0 - (unit(features) @ self.rows.astype(np.float32).T).max(1))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What must be kept."""
        return {"rows": self.rows, "nearest": self.nearest}
