"""What one reading is: a network, at an input size, in a precision, of a view; and its key in the cache."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.source import Tap
from headstart.sources.precision import FLOAT32, Precision

# Raise it when a change to preprocessing, pooling or the choice of taps changes features.
VERSION = 1
SMALLEST_BATCH = (
    4  # kernels for a single row round differently (2e-6 relative); 2 rows and more agree to the bit
)


@dataclass(frozen=True)
class Reading:
    """`network` at input `size` (side in pixels, or most tokens); `flip` mirrors images: another view."""

    network: Any
    size: int
    flip: bool = False
    precision: Precision = field(default=FLOAT32)

    @property
    def taps(self) -> Sequence[Tap]:
        """Where features are read."""
        taps: Sequence[Tap] = self.network.taps
        return taps

    @property
    def width(self) -> int:
        """Of all taps together."""
        return sum(tap.width for tap in self.taps)

    @property
    def facts(self) -> list[str | int]:
        """All that, beside an example's content, decides its features."""
        card = self.network.card
        weights = card.weights_sha256 or card.id
        taps = ",".join(f"{tap.name}@{tap.block}:{tap.width}" for tap in self.taps)
        preprocessing = repr(sorted(self.network.preprocessing.items()))
        return [
            VERSION,
            weights,
            card.architecture,
            preprocessing,
            taps,
            self.size,
            self.precision.name,
            int(self.flip),
        ]

    def split(self, sheet: NDArray[np.float32]) -> Mapping[str, NDArray[np.float32]]:
        """[n, width] of all taps side by side -> tap name -> [n, its width]."""
        ends = np.cumsum([tap.width for tap in self.taps])
        parts = np.split(sheet, ends[:-1], axis=1)
        in_memory = not isinstance(sheet, np.memmap)
        return {
            tap.name: np.ascontiguousarray(part) if in_memory else part
            for tap, part in zip(self.taps, parts, strict=True)
        }

    def run(self, prepared: Sequence[Any]) -> NDArray[np.float32]:
        """One forward pass over prepared examples: [m, width]. Call it inside `precision.running`."""
        import torch

        m = len(prepared)
        padded = [*prepared, *[prepared[-1]] * max(0, SMALLEST_BATCH - m)]
        read = self.network.read(self.network.assemble(padded, flip=self.flip))
        joined = torch.cat([read[tap.name] for tap in self.taps], dim=1)
        features: NDArray[np.float32] = joined[:m].float().cpu().numpy()
        return features
