"""The number format of a training step, from a timed probe that is kept per machine.

A forward pass and a step need not agree: on one CPU with bfloat16 units the first was twice as fast in
bfloat16, the second, for a network of grouped convolutions, slower than in float32. On a processor without
such units a step took 3 to 28 s instead of .3 to 1.4: there nothing is timed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

from headstart.core.source import Network
from headstart.sources import bfloat16, machine

if TYPE_CHECKING:
    import torch

WORTH_IT = 1.3  # below such a gain in speed the exact format is the better bargain
ROUNDS = 2
GIVE_UP = 3.0  # a first step so many times as slow as the first in float32 is the last


def choose(network: Network, cut: int, size: int, step: Callable[[torch.dtype], object]) -> torch.dtype:
    """float32, or bfloat16 where a step is so much faster; `step` does one in the format given.

    The first process on a machine decides, later ones follow, so that a busy day changes no bytes.
    """
    import torch

    if not bfloat16.is_promising():
        return torch.float32
    facts = {
        "what": "step precision",
        "architecture": network.card.architecture,
        "parameters": network.card.parameters,
        "cut": cut,
        "size": size,
        "threads": torch.get_num_threads(),
    }
    return getattr(torch, chosen(machine.remember(facts, lambda: timed(step))))  # type: ignore[no-any-return]


def chosen(seconds: Mapping[str, float]) -> Literal["float32", "bfloat16"]:
    """The format, from the seconds that a step took in each.

    >>> chosen({"float32": 1.4, "bfloat16": 1.0}), chosen({"float32": 1.2, "bfloat16": 1.0})
    ('bfloat16', 'float32')
    """
    return "bfloat16" if seconds["float32"] > WORTH_IT * seconds["bfloat16"] else "float32"


def timed(step: Callable[[torch.dtype], object]) -> dict[str, float]:
    """Seconds of a step in each format; bfloat16 is given up after one step where that is clearly slower."""
    import torch

    def once(dtype: torch.dtype) -> float:
        began = time.perf_counter()
        step(dtype)
        return time.perf_counter() - began

    first_s = once(torch.float32)  # it prepares kernels, and is not counted
    exact_s = min(once(torch.float32) for _ in range(ROUNDS))
    other_s = once(torch.bfloat16)
    if other_s <= GIVE_UP * first_s:
        other_s = min(once(torch.bfloat16) for _ in range(ROUNDS))
    return {"float32": exact_s, "bfloat16": other_s}
