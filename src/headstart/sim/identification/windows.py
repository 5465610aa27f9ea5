"""Trajectories cut into windows: an observed state, what was done from there on, what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.sim.identification.restarts import Array, Restart
from headstart.sim.identification.trajectory import Trajectory

SHORTEST = 2  # steps; less says nothing of speeds


@dataclass(frozen=True, slots=True)
class Windows:
    """n windows of h steps; those that an episode's end cut short are padded and marked.

    Attributes:
        start: [n, s] states that they begin in, as observed.
        actions: [n, h, …] that arrive at the motors.
        context: [n, h, c], see `Restart.context`.
        seen: [n, h, s] states as observed, after each step.
        valid: [n, h] whether a step took place.
        whose: [n] index of the trajectory.
    """

    start: Array
    actions: NDArray[Any]
    context: Array
    seen: Array
    valid: NDArray[np.bool_]
    whose: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.start)

    @property
    def spread(self) -> Array:
        """[s] standard deviation of the observed states."""
        return np.asarray(np.maximum(np.concatenate([self.start, self.seen[self.valid]]).std(0), 1e-9))

    def some(self, most: int) -> Windows:
        """At most so many of them, evenly taken."""
        rows = np.unique(np.linspace(0, len(self) - 1, min(most, len(self))).round().astype(int))
        parts = (self.start, self.actions, self.context, self.seen, self.valid, self.whose)
        return Windows(*(part[rows] for part in parts))


def cut(
    trajectories: Sequence[Trajectory],
    restart: Restart,
    steps: int,
    *,
    delay: int = 0,
    longest_delay: int = 0,
) -> Windows:
    """Windows of `steps` one after the other, actions arriving `delay` steps late.

    They begin `longest_delay` steps into an episode, so that windows of other delays are the same ones.
    """
    parts: list[tuple[Any, ...]] = []
    for whose, one in enumerate(trajectories):
        states, context = restart.states(one.observations), restart.context(one.observations)
        for start in range(longest_delay, one.steps - SHORTEST + 1, steps):
            at = np.minimum(np.arange(start, start + steps), one.steps - 1)
            valid = np.arange(start, start + steps) < one.steps
            parts.append(
                (states[start], one.actions[at - delay], context[at], states[at + 1], valid, np.int64(whose))
            )
    if not parts:
        raise ValueError("no trajectory is long enough for a window")
    return Windows(*(np.array(part) for part in zip(*parts, strict=True)))
