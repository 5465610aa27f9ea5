"""The number format of a training step, from a timed probe that is kept per machine.

A forward pass and a step need not agree: on one CPU with bfloat16 units the first was twice as fast in
bfloat16, the second, for a network of grouped convolutions, slower than in float32.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

from headstart.core.source import Network
from headstart.sources import machine

if TYPE_CHECKING:
    import torch

WORTH_IT = 1.3  # below such a gain in speed the exact format is the better bargain
ROUNDS = 2


def choose(network: Network, cut: int, size: int, step: Callable[[torch.dtype], object]) -> torch.dtype:
    """float32, or bfloat16 where a step is so much faster; `step` does one in the format given.

    The first process on a machine decides, later ones follow, so that a busy day changes no bytes.
    """
    import torch

    facts = {
        "what": "step precision",
        "architecture": network.card.architecture,
        "parameters": network.card.parameters,
        "cut": cut,
        "size": size,
        "threads": torch.get_num_threads(),
    }

    def measure() -> dict[str, float]:
        return {name: _seconds(step, getattr(torch, name)) for name in ("float32", "bfloat16")}

    return torch.bfloat16 if chosen(machine.remember(facts, measure)) == "bfloat16" else torch.float32


def chosen(seconds: Mapping[str, float]) -> Literal["float32", "bfloat16"]:
    """The format, from the seconds that a step took in each.

    >>> chosen({"float32": 1.4, "bfloat16": 1.0}), chosen({"float32": 1.2, "bfloat16": 1.0})
    ('bfloat16', 'float32')
    """
    return "bfloat16" if seconds["float32"] > WORTH_IT * seconds["bfloat16"] else "float32"


def _seconds(step: Callable[[torch.dtype], object], dtype: torch.dtype) -> float:
    """The fastest of a few steps, the first one, which prepares kernels, left out."""
    step(dtype)
    rounds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        step(dtype)
        rounds.append(time.perf_counter() - began)
    return min(rounds)
