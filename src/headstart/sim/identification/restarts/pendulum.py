"""The pendulum: its arithmetic is NumPy's, so a whole batch of states runs where one is meant."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.sim.identification.restarts.restart import TURN, Array, Restart, register


@register
class Pendulum(Restart):
    """States are (angle, speed)."""

    period = np.array([TURN, 0.0])

    @staticmethod
    def fits(unwrapped: Any) -> bool:
        """Gymnasium's Pendulum."""
        return type(unwrapped).__name__ == "PendulumEnv"

    def states(self, observations: NDArray[Any]) -> Array:
        """From (cosine, sine, speed)."""
        seen = np.asarray(observations, dtype=np.float64)
        return np.stack([np.arctan2(seen[..., 1], seen[..., 0]), seen[..., 2]], axis=-1)

    def run(self, states: Array, actions: NDArray[Any], context: Array) -> Array:
        """All at once."""
        reached = np.empty((*actions.shape[:2], 2))
        self.env.state = states.T
        for step in range(actions.shape[1]):
            self.env.step(np.float64(actions[:, step].T))
            reached[:, step] = self.env.state.T
        return reached
