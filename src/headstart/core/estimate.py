"""Numbers with their uncertainty."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """A two-sided interval, in the unit of what it belongs to.

    >>> Interval(-0.01, 0.05, level=0.9).contains(0.0)
    True
    """

    low: float
    high: float
    level: float

    def contains(self, value: float) -> bool:
        """Whether `value` lies inside, ends included."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Score:
    """A score (larger is better, in the metric's unit) with its interval."""

    estimate: float
    interval: Interval
    corrected_for_selection: bool = False
