"""Who looks at a tuning after every pass over its rows, and may end it there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from headstart.training.head import Head

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Pass:
    """The end of a pass over the rows.

    Attributes:
        number: 1 for the first.
        loss: mean over the steps of this pass.
        moving: the tuned parameters by name, in the network, as they are now; they will go on to change.
        head: a copy of the head as it is now.
    """

    number: int
    loss: float
    moving: Mapping[str, torch.nn.Parameter]
    head: Head


class Judge(Protocol):
    """Asked after every pass; the network in the loop can be read, and is not to be changed."""

    def __call__(self, done: Pass) -> bool:
        """Whether to go on."""
        ...
