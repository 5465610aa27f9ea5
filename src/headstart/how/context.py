"""What all candidates of a race share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from headstart.core.budget import Budget
from headstart.core.folds import Folds
from headstart.core.source import Network
from headstart.core.task import Task
from headstart.core.watch import Silent, Watch
from headstart.how.pieces import Pieces

if TYPE_CHECKING:
    import torch

Array = NDArray[np.float64]


def float32(network: Network) -> torch.dtype:
    """The precision that is right everywhere and fast nowhere."""
    import torch

    return torch.float32


@dataclass(frozen=True)
class Context:
    """The task, its folds, the sources, and what may be spent.

    Attributes:
        open_network: source id -> the loaded network (the same object every time: it is only lent).
        reference: source id -> the look's out-of-fold predictions [repeats, n, k]; may lack sources.
        prefix_dtype: number format of a forward pass through the frozen blocks.
        pieces: finished fits that need not be bought again, and where new ones are kept; None: nowhere.
        step_dtype: that of a training step; None: found by a timed probe, once per machine.
    """

    task: Task
    folds: Folds
    open_network: Callable[[str], Network]
    reference: Mapping[str, Array] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)
    seed: int = 0
    watch: Watch = field(default_factory=Silent)
    prefix_dtype: Callable[[Network], torch.dtype] = float32
    step_dtype: Callable[[Network], torch.dtype] | None = None
    pieces: Pieces | None = None
