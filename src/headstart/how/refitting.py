"""A fold model's head, fitted anew on what its tensors make of the rows that it may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from headstart.core.task import Task
from headstart.how.fold_model import FoldModel
from headstart.how.targets import coded_targets
from headstart.training.head import starting_head
from headstart.training.states import Rows

if TYPE_CHECKING:
    import torch

# rows, tensors that are worn -> last features [rows, width]
Read = Callable[[Rows, "Mapping[str, torch.Tensor]"], NDArray[np.float32]]


def refitted(model: FoldModel, held: Rows, task: Task, read: Read) -> FoldModel:
    """The same tensors with a ridge head on their features of all rows but `held`."""
    rows = np.setdiff1d(np.arange(len(task)), held)
    coded, mean, spread = coded_targets(task, rows)
    head = starting_head(read(rows, model.tensors), coded[rows], task.kind)
    return FoldModel.of(model.tensors, head, mean, spread)
