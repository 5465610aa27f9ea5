"""What one look at the examples through one source brings home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.source import SourceCard, Tap


@dataclass(frozen=True)
class Reading:
    """Pooled features of every tap of one source at one input size.

    Attributes:
        size: input side in pixels, or maximum number of tokens.
        features: tap name -> [n, width] float32.
        forward_s: seconds that one pass over these examples takes here, by the timed probe.
        class_names: [classes, width of the last tap] the source's reading of the class names, for text.
    """

    card: SourceCard
    size: int
    taps: tuple[Tap, ...]
    features: Mapping[str, NDArray[np.float32]]
    forward_s: float = 0.0
    class_names: NDArray[np.float32] | None = None
    precision: str = "float32-cpu"

    @property
    def last(self) -> Tap:
        """The deepest tap: what the network itself hands to its classifier."""
        return max(self.taps, key=lambda tap: tap.depth)

    @property
    def label(self) -> str:
        """Short unique name of (source, size)."""
        return f"{self.card.id}@{self.size}"
