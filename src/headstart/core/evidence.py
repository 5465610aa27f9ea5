"""Evidence: out-of-fold predictions on the shared folds. Every estimate is computed from it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.candidate import Candidate
from headstart.core.shortfall import Shortfall


@dataclass(frozen=True)
class Evidence:
    """What one candidate predicted for rows that it was not fitted on, and what that cost.

    Attributes:
        predictions: [repeats, n, k] float64: class probabilities (rows sum to 1), or values with k = 1;
            NaN where the candidate was not run (a repeat it did not buy, a fold that was dropped).
        inner: [repeats, folds, n, k] predictions for the rows outside fold f by models that saw neither
            fold f nor the row's own fold (NaN inside f); None where that would be too dear. Whatever is
            chosen *for* fold f must be chosen on these, see `training.kernel_ridge`.
        cost_s: seconds of compute that this evidence cost.
        status: ``complete``, or why it stopped: ``dropped``, ``out of time``, ``failed: …``.
        shortfall: what was missing, where it is ``out of time`` by the time limit.
    """

    candidate: Candidate
    predictions: NDArray[np.float64]
    cost_s: float = 0.0
    status: str = "complete"
    inner: NDArray[np.float64] | None = None
    shortfall: Shortfall | None = None

    @property
    def pooled(self) -> NDArray[np.float64]:
        """[n, k] mean over the repeats that were run; NaN where none was."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # an all-NaN row stays NaN: that is the answer
            mean: NDArray[Any] = np.nanmean(self.predictions, axis=0)
        return mean

    @property
    def is_whole(self) -> bool:
        """Whether every row has at least one prediction."""
        return bool(np.isfinite(self.pooled).all())
