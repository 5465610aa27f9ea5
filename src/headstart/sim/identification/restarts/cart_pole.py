"""The cart with a pole."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.sim.identification.restarts.restart import Array, Stepwise, register


@register
class CartPole(Stepwise):
    """States are the observations."""

    period = np.zeros(4)

    @staticmethod
    def fits(unwrapped: Any) -> bool:
        """Gymnasium's CartPole."""
        return type(unwrapped).__name__ == "CartPoleEnv"

    def states(self, observations: NDArray[Any]) -> Array:
        """As they are seen."""
        return np.asarray(observations, dtype=np.float64)

    def put(self, state: list[float], context: list[float]) -> None:
        """Bring it there."""
        self.env.state = np.array(state)

    def surround(self, context: list[float]) -> None:
        """A pole that falls in the middle of a window goes on falling."""
        self.env.steps_beyond_terminated = None

    def now(self) -> tuple[float, ...]:
        """Where it is."""
        return tuple(self.env.state)
