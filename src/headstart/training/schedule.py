"""How the rate rises and falls, and which weights are kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def rate_at(step: int, steps: int, warmup_frac: float) -> float:
    """Factor on the peak rate: linear warm-up, then a half cosine to 0 (Loshchilov & Hutter 2017).

    >>> [round(rate_at(step, 10, 0.2), 2) for step in (0, 1, 2, 9)]
    [0.5, 1.0, 1.0, 0.04]
    """
    warm = max(1, round(warmup_frac * steps))
    if step < warm:
        return (step + 1) / warm
    return 0.5 * (1.0 + math.cos(math.pi * (step - warm) / max(steps - warm, 1)))


class Average:
    """The running mean of weights over the last steps (SWA, Izmailov et al. 2018)."""

    def __init__(self, parameters: Sequence[torch.Tensor]) -> None:
        self.parameters = list(parameters)
        self.means = [parameter.detach().clone() for parameter in parameters]
        self.count = 0

    def take(self) -> None:
        """Add the present weights to the mean."""
        import torch

        self.count += 1
        with torch.no_grad():
            for mean, parameter in zip(self.means, self.parameters, strict=True):
                mean.lerp_(parameter, 1.0 / self.count)
