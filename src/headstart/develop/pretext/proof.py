"""Where a few labels are at hand, they decide whether a continued parent is better than before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from headstart.core.source import Network
from headstart.core.task import Task
from headstart.data import folds
from headstart.develop.quick_probe import Gain, Plain
from headstart.training.kernel_ridge import gram
from headstart.training.reading import features
from headstart.training.states import cache_prefix

if TYPE_CHECKING:
    import torch


def proof(
    network: Network, target: Task, *, size: int, dtype: torch.dtype, tensors: Mapping[str, torch.Tensor]
) -> Gain:
    """What the features with `tensors` worn add to those without, on the target's labels, out of fold."""
    states = cache_prefix(network, target.inputs, size, 0, dtype=dtype)
    rows = np.arange(len(target))
    before = features(network, states, rows, dtype=dtype)
    after = features(network, states, rows, dtype=dtype, tensors=tensors)
    return Plain.of(target, gram(before), folds(target)).gain(after)
