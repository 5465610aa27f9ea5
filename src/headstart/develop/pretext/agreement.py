"""What needs no label: whether two views of an example find each other, and a parent is still known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from headstart.core.source import Network
from headstart.training.alignment import alignment
from headstart.training.kernel_ridge import gram
from headstart.training.reading import features
from headstart.training.states import Cached, Rows, States

if TYPE_CHECKING:
    import torch

    from headstart.develop.pretext.two_views import TwoViews


@dataclass(frozen=True)
class Sight:
    """How a network sees held-out examples: `plain` features [m, d] and `agreement` of two views, 0…1."""

    plain: NDArray[np.float32]
    agreement: float

    def likeness(self, other: Sight) -> float:
        """Alignment of the two kernels of the same examples, -1…1 (1: they tell the same apart)."""
        return alignment(gram(self.plain), gram(other.plain))


def sight(
    network: Network,
    plain: States,
    twice: TwoViews,
    rows: Rows,
    *,
    seed: int,
    dtype: torch.dtype,
    tensors: Mapping[str, torch.Tensor],
) -> Sight:
    """Look at `rows` with `tensors` worn; the same seed draws the same views."""
    import torch

    torch.manual_seed(seed)
    pair = Cached(twice.gather(rows), twice.cut)
    both = features(network, pair, np.arange(2 * len(rows)), dtype=dtype, tensors=tensors)
    own = features(network, plain, rows, dtype=dtype, tensors=tensors)
    return Sight(own, agreement(both[: len(rows)], both[len(rows) :]))


def agreement(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> float:
    """Share of rows whose nearest one (cosine, standardised) among the other view's rows is their own.

    >>> rows = np.eye(5, dtype=np.float32)
    >>> agreement(rows, rows), agreement(rows, rows[::-1])
    (1.0, 0.2)
    """
    whole = np.concatenate([ours, theirs])
    scaled = (whole - whole.mean(0)) / np.maximum(whole.std(0), 1e-6)
    unit = scaled / np.maximum(np.linalg.norm(scaled, axis=1, keepdims=True), 1e-12)
    likeness = unit[: len(ours)] @ unit[len(ours) :].T
    return float((likeness.argmax(1) == np.arange(len(ours))).mean())
