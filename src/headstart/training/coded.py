"""Targets as a training loop wants them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from headstart.core.kinds import Kind
from headstart.core.task import Task


def coded_targets(task: Task, rows: NDArray[np.int64]) -> tuple[NDArray[np.float32], float, float]:
    """[n, k] one-hot; or [n, 1] values standardised by the mean and spread of `rows`, and these two."""
    if task.kind is Kind.CLASSIFICATION:
        return np.eye(task.n_outputs, dtype=np.float32)[task.targets], 0.0, 1.0
    mean, spread = float(task.targets[rows].mean()), float(task.targets[rows].std()) or 1.0
    return ((task.targets - mean) / spread).astype(np.float32)[:, None], mean, spread
