"""Ball and paddle."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.sim.identification.restarts.restart import Array, Stepwise, register

UNITS = np.array([1, 1, 0.05, 0.05, 1])  # an observation in fields and steps


@register
class Paddle(Stepwise):
    """States are (x, y, x velocity, y velocity, x of the paddle)."""

    period = np.zeros(5)

    @staticmethod
    def fits(unwrapped: Any) -> bool:
        """The environment of our own."""
        return type(unwrapped).__name__ == "Paddle"

    def states(self, observations: NDArray[Any]) -> Array:
        """In fields and steps."""
        return np.asarray(observations * UNITS, dtype=np.float64)

    def put(self, state: list[float], context: list[float]) -> None:
        """Bring it there."""
        env = self.env
        env.x, env.y, env.vx, env.vy, env.at = state

    def now(self) -> tuple[float, ...]:
        """Where everything is."""
        env = self.env
        return env.x, env.y, env.vx, env.vy, env.at
