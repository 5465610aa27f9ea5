"""Losses as a race compares them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from headstart.core.kinds import Kind
from headstart.core.task import Task
from headstart.how.sharpness import best_sharpness
from headstart.training.calibration import softmax
from headstart.training.states import Rows

Array = NDArray[np.float64]


def losses(predictions: Array, task: Task, rows: Rows, *, are_logits: bool) -> Array:
    """[m] loss of each row: minus log-likelihood of the class, or squared error of the value.

    Logits are compared at the sharpness that suits these rows: one number on a whole fold, and what is handed
    back will be made less sure as well. Without it a fold that was right more often than the look lost to it.
    """
    truth = task.targets[rows]
    if task.kind is Kind.CLASSIFICATION:
        sharp = best_sharpness(predictions, truth) if are_logits else 1.0
        probabilities = softmax(predictions * sharp) if are_logits else np.maximum(predictions, 1e-12)
        return np.asarray(-np.log(probabilities[np.arange(len(rows)), truth]))
    return np.asarray((predictions[:, 0] - truth) ** 2)
