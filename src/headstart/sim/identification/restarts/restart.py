"""A simulator that is put into states that were observed, and runs on from there."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.sim.simulators import Simulated

Array = NDArray[np.float64]
TURN = 2 * math.pi  # the period of an angle that is seen as its sine and cosine


class Restart(ABC):
    """How one kind of simulator is put into a state that an observation shows as a whole.

    Attributes:
        period: [s], of each number of a state: a full turn for an angle, 0 where nothing comes round.
    """

    period: Array

    def __init__(self, env: Simulated) -> None:
        self.env: Any = env.unwrapped

    @staticmethod
    @abstractmethod
    def fits(unwrapped: Any) -> bool:
        """Whether this is the kind of environment."""

    @abstractmethod
    def states(self, observations: NDArray[Any]) -> Array:
        """[t, s]: the states that observations [t, obs] show."""

    @abstractmethod
    def run(self, states: Array, actions: NDArray[Any], context: Array) -> Array:
        """[n, h, s]: where each of n states [n, s] gets to by its actions [n, h, …], step by step.

        `context` [n, h, c] is what happens around, before each step.
        """

    def context(self, observations: NDArray[Any]) -> Array:
        """[t, c]: what observations show of what no parameter and no action changes; nothing, as a rule."""
        return np.zeros((len(observations), 0))

    def apart(self, seen: Array, predicted: Array) -> Array:
        """`seen` minus `predicted`, the short way round where something comes round."""
        gap = seen - predicted
        round_, turn = self.period > 0, np.where(self.period > 0, self.period, 1.0)
        return np.where(round_, gap - turn * np.round(gap / turn), gap)


class Stepwise(Restart):
    """A simulator that has to be stepped one state at a time."""

    @abstractmethod
    def put(self, state: list[float], context: list[float]) -> None:
        """Bring the environment into a state."""

    @abstractmethod
    def now(self) -> tuple[float, ...]:
        """The state it is in."""

    def surround(self, context: list[float]) -> None:
        """Put what happens around in place before a step."""

    def run(self, states: Array, actions: NDArray[Any], context: Array) -> Array:
        """One after the other."""
        reached = np.empty((*actions.shape[:2], states.shape[1]))
        for row, state in enumerate(states.tolist()):
            around = context[row].tolist()
            self.put(state, around[0])
            for step, action in enumerate(actions[row]):
                self.surround(around[step])
                self.env.step(action)
                reached[row, step] = self.now()
        return reached


KINDS: list[type[Restart]] = []


def register(kind: type[Restart]) -> type[Restart]:
    """Make a kind known."""
    KINDS.append(kind)
    return kind
