"""A pretext: what two views of one example are asked to have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headstart.core.registry import Registry

if TYPE_CHECKING:
    import torch

# (projections of the first views [m, k], of the second views [m, k]) -> a scalar, m >= 2
Loss = Callable[["torch.Tensor", "torch.Tensor"], "torch.Tensor"]


@dataclass(frozen=True)
class Method:
    """One self-supervised loss, on linear projections of the features.

    `width` is the number k of projections: the loop's head stands in for the projector, and is thrown away.
    """

    name: str
    loss: Loss
    width: int


METHODS: Registry[Method] = Registry("pretext")
