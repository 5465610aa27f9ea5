"""Forgetting: what a score on the old task fell by, on the same rows before and after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.estimate import Interval
from headstart.core.seeds import generator
from headstart.core.task import Task
from headstart.metrics import METRICS
from headstart.metrics.estimates import as_decided, bounds, smallest_step
from headstart.metrics.intervals import around, difference_spread, resamples, spread

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Scorer:
    """Scores predictions [n, k] for rows that no head was fitted on, with 90 % intervals over those rows."""

    task: Task

    def score(self, predictions: Array) -> float:
        """The task's metric."""
        return METRICS[self.task.metric].score(self.task.targets, as_decided(predictions, self.task))

    def interval(self, predictions: Array) -> Interval:
        """Of the score."""
        decided = as_decided(predictions, self.task)
        error = spread(METRICS[self.task.metric], self.task.targets, decided, self._counts())
        return self._around(self.score(predictions), error, bounds(self.task))

    def forgotten(self, before: Array, after: Array) -> tuple[float, Interval]:
        """What the score fell by (positive: forgotten), and its paired interval."""
        ours, theirs = as_decided(before, self.task), as_decided(after, self.task)
        error = difference_spread(METRICS[self.task.metric], self.task.targets, ours, theirs, self._counts())
        fell = self.score(before) - self.score(after)
        return fell, self._around(fell, error, (-np.inf, np.inf))

    def _around(self, estimate: float, error: float, limits: tuple[float, float]) -> Interval:
        return around(estimate, max(error, smallest_step(self.task)), len(self.task), bounds=limits)

    def _counts(self) -> Array:
        return resamples(len(self.task), generator(self.task.seed, "kept"), self.task.groups)


def is_forgotten(interval: Interval) -> bool:
    """Whether the score fell beyond what other rows would explain.

    >>> is_forgotten(Interval(0.01, 0.2, 0.9)), is_forgotten(Interval(-0.01, 0.2, 0.9))
    (True, False)
    """
    return interval.low > 0.0
