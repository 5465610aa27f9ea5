"""Which input sizes are worth trying: what a source takes, no larger than the examples make sense of."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from headstart.core.kinds import Modality
from headstart.core.source import SourceCard
from headstart.core.task import Inputs

SEEN = 24  # examples looked at for the usual size
ENLARGE = 2.0  # networks read small pictures better somewhat enlarged; beyond this there is nothing to see
SMALLER = 0.62  # of the largest side: about half of the cost or less

Sizes: TypeAlias = Callable[[SourceCard, Inputs], tuple[int, ...]]  # to look at, largest first


def sizes_to_try(card: SourceCard, inputs: Inputs) -> tuple[int, ...]:
    """One or two sizes, largest first: one that shows all there is, and a cheaper one.

    Texts are padded to what they need anyway, so the largest size is the only one to try.
    """
    if inputs.modality is not Modality.IMAGE or len(card.input_sizes) < 2:
        return card.input_sizes[:1]
    return image_sizes(card.input_sizes, usual_side(inputs))


def image_sizes(sizes: tuple[int, ...], side: float) -> tuple[int, ...]:
    """From the sides that a source takes, and the usual side of the pictures, in pixels.

    >>> image_sizes((224, 192, 160, 128, 96), 300), image_sizes((224, 192, 160, 128, 96), 28)
    ((224, 128), (96,))
    """
    ordered = sorted(sizes, reverse=True)
    useful = [size for size in ordered if size <= ENLARGE * side] or ordered[-1:]
    largest = useful[0]
    smaller = [size for size in useful if size <= SMALLER * largest]
    return (largest, smaller[0]) if smaller else (largest,)


def usual_side(inputs: Inputs) -> float:
    """Median of the pictures' longer sides, over a few of them."""
    rows = np.linspace(0, len(inputs) - 1, min(SEEN, len(inputs))).astype(int)
    return float(np.median([max(inputs.read(int(row)).size) for row in rows]))
