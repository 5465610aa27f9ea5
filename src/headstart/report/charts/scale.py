"""Scales: from data to a place on the chart, with ticks at round numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

TICK_ROOM = 0.11  # share of a logarithmic axis that a label needs on a phone
FAR_BEHIND = 4.0  # times as far from the best as the middle one


@dataclass(frozen=True, slots=True)
class Linear:
    """Maps low…high to start…end.

    >>> scale = Linear(0.0, 2.0, start=10, end=90)
    >>> scale(1.0), scale.ticks(4)
    (50.0, [0.0, 0.5, 1.0, 1.5, 2.0])
    """

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of `value`."""
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return self.start + share * (self.end - self.start)

    def step(self, n: int) -> float:
        """A round distance between about n ticks."""
        raw = (self.high - self.low) / max(n, 1) or 1.0
        power = 10.0 ** math.floor(math.log10(raw))
        return max(m * power for m in (1, 2, 5, 10) if m == 1 or m * power <= raw * 1.4)

    def ticks(self, n: int) -> list[float]:
        """About n round values from low to high."""
        step = self.step(n)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        return [round(k * step, 12) for k in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class Log:
    """Maps low…high to start…end by their logarithms; both above 0.

    >>> Log(1.0, 100.0, start=0, end=100)(10.0), Log(0.7, 300.0, 0, 1).ticks()
    (50.0, [1.0, 10.0, 100.0])
    """

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of `value`."""
        span = math.log(self.high / self.low) or 1.0
        return self.start + math.log(max(value, self.low) / self.low) / span * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Powers of ten, with 2 and 5 between them where the range is short."""
        decades = math.log10(self.high / self.low)
        steps = (1, 2, 5) if decades <= 2.3 else (1,)
        powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        values = [m * 10.0**power for power in powers for m in steps]
        inside = [value for value in values if self.low * 0.999 <= value <= self.high * 1.001]
        apart = TICK_ROOM * abs(self.end - self.start)
        kept = inside[:1]
        for value in inside[1:]:
            if self(value) - self(kept[-1]) >= apart:
                kept.append(value)
        return kept


def extent(values: Iterable[float | None], pad: float = 0.08) -> tuple[float, float] | None:
    """Smallest and largest finite value, widened by a share of their distance; None without any.

    >>> extent([1.0, None, 2.0, float("nan")], pad=0.1), extent([])
    ((0.9, 2.1), None)
    """
    finite = [value for value in values if value is not None and math.isfinite(value)]
    if not finite:
        return None
    low, high = min(finite), max(finite)
    wide = (high - low) or abs(high) * 0.1 or 0.1
    return low - pad * wide, high + pad * wide


def without_stragglers(scores: Sequence[float]) -> float:
    """The score below which a model is so far behind that an axis down to it would flatten the rest.

    >>> without_stragglers([0.9, 0.88, 0.86, 0.85, 0.1])
    0.74
    """
    ordered = sorted(scores, reverse=True)
    if len(ordered) < 3 or ordered[0] == ordered[len(ordered) // 2]:
        return -math.inf
    return round(ordered[0] - FAR_BEHIND * (ordered[0] - ordered[len(ordered) // 2]), 12)


def finite(*values: float | None) -> bool:
    """Whether all values are there and finite."""
    return all(value is not None and math.isfinite(value) for value in values)
