"""One tuned model as plain tensors and a linear head."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from headstart.training.head import Head

if TYPE_CHECKING:
    import torch

Array = NDArray[np.float64]


@dataclass(frozen=True)
class FoldModel:
    """The moved tensors by name, and a head on raw features: weight [k, d], bias [k]."""

    tensors: Mapping[str, torch.Tensor]
    weight: Array
    bias: Array

    @classmethod
    def of(cls, tensors: Mapping[str, torch.Tensor], head: Head, mean: float, spread: float) -> FoldModel:
        """From a head on standardised targets: values are ``mean + spread * score`` (0 and 1 for logits)."""
        weight, bias = head.folded()
        return cls(
            {name: value.detach().cpu() for name, value in tensors.items()},
            weight * spread,
            bias * spread + mean,
        )

    def scores(self, features: NDArray[np.floating]) -> Array:
        """[n, k] logits, or values with k = 1."""
        return np.asarray(features @ self.weight.T + self.bias)

    def scaled(self, sharpness: float) -> FoldModel:
        """Logits times `sharpness`."""
        return FoldModel(self.tensors, self.weight * sharpness, self.bias * sharpness)
