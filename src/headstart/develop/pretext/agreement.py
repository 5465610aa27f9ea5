"""What needs no label: whether two views of an example find each other, and a parent is still known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from headstart.core.estimate import Interval
from headstart.core.source import Network
from headstart.metrics.intervals import around
from headstart.training.alignment import alignment
from headstart.training.kernel_ridge import gram
from headstart.training.reading import features
from headstart.training.states import Cached, Rows, States

if TYPE_CHECKING:
    import torch

    from headstart.develop.pretext.two_views import TwoViews


LOOKED_AT, MOST_DRAWS = 512, 8  # pairs of views; of few rows several, or chance decides
LEAST_STEP = 0.5  # of an example: an error below it cannot be known


@dataclass(frozen=True)
class Sight:
    """How a network sees held-out examples: `plain` features [m, d], and how often two views agree.

    `hits` [m]: the share (0…1) of draws in which two views of an example found each other among all.
    """

    plain: NDArray[np.float32]
    hits: NDArray[np.float64]

    @property
    def agreement(self) -> float:
        """How often two views of an example find each other, 0…1."""
        return float(self.hits.mean())

    def gain_over(self, before: Sight) -> Interval:
        """90 % interval of what the agreement rose by: the same examples, the same views, paired."""
        change = self.hits - before.hits
        m = len(change)
        error = max(float(change.std(ddof=1)) / math.sqrt(m), LEAST_STEP / m)
        return around(float(change.mean()), error, m)

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
    """Look at `rows` with `tensors` worn; the same seed draws the same views, several of few rows."""
    import torch

    torch.manual_seed(seed)
    found = []
    for _ in range(max(1, min(MOST_DRAWS, LOOKED_AT // len(rows)))):
        pair = Cached(twice.gather(rows), twice.cut)
        both = features(network, pair, np.arange(2 * len(rows)), dtype=dtype, tensors=tensors)
        found.append(hits(both[: len(rows)], both[len(rows) :]))
    own = features(network, plain, rows, dtype=dtype, tensors=tensors)
    return Sight(own, np.mean(found, axis=0))


def hits(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> NDArray[np.bool_]:
    """[m] whether the nearest one (cosine, standardised) among the other view's rows is a row's own.

    >>> rows = np.eye(5, dtype=np.float32)
    >>> hits(rows, rows).mean(), hits(rows, rows[::-1]).mean()
    (np.float64(1.0), np.float64(0.2))
    """
    whole = np.concatenate([ours, theirs])
    scaled = (whole - whole.mean(0)) / np.maximum(whole.std(0), 1e-6)
    unit = scaled / np.maximum(np.linalg.norm(scaled, axis=1, keepdims=True), 1e-12)
    likeness = unit[: len(ours)] @ unit[len(ours) :].T
    return np.asarray(likeness.argmax(1) == np.arange(len(ours)))
