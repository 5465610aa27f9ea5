"""The car in its lane: the road is what was seen of it, the car ahead is left out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.sim.identification.restarts.restart import Array, Stepwise, register
from headstart.sim.simulators import Simulated

OWN = (0, 1, 2, 3, 4, 10)  # offset, heading, sideways velocity, yaw rate, speed, steering
BEND = 5
UNITS = np.array([1, 1, 1, 1, 10, 0.25])  # an observation in m, rad and s


@register
class LaneKeeping(Stepwise):
    """States are the car's own: (offset, heading, sideways velocity, yaw rate, speed, steering)."""

    period = np.zeros(len(OWN))

    def __init__(self, env: Simulated) -> None:
        super().__init__(env)
        self.bend = 0.0
        self.env.bend = lambda _: self.bend

    @staticmethod
    def fits(unwrapped: Any) -> bool:
        """The environment of our own."""
        return type(unwrapped).__name__ == "LaneKeeping"

    def states(self, observations: NDArray[Any]) -> Array:
        """In units of m, rad, s."""
        return np.asarray(observations[..., OWN] * UNITS, dtype=np.float64)

    def context(self, observations: NDArray[Any]) -> Array:
        """How the road bends, 1/m."""
        return np.asarray(observations[..., BEND : BEND + 1] / 100, dtype=np.float64)

    def put(self, state: list[float], context: list[float]) -> None:
        """A car of the parameters in force, there, with nobody ahead."""
        self.env.reset(seed=0)
        self.env._ahead = 1e9
        car = self.env.car
        car.offset, car.heading, car.sideways, car.yaw_rate, car.speed, car.steering = state

    def surround(self, context: list[float]) -> None:
        """The bend of this step."""
        self.bend = context[0]

    def now(self) -> tuple[float, ...]:
        """The car's state."""
        car = self.env.car
        return car.offset, car.heading, car.sideways, car.yaw_rate, car.speed, car.steering
