"""Motors that have lost strength and do not answer small commands."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np

from headstart.sim.effects.effect import Effect, per_number, register


@register
class WornActuator(Effect):
    """Commands smaller than `dead_zone` (share of the largest) do nothing, larger ones give `gain` of what
    they gave; each one number for all motors or one for each.
    """

    name = "worn_actuator"
    neutral = {"gain": 1.0, "dead_zone": 0.0}  # noqa: RUF012

    def __init__(self, env: gymnasium.Env[Any, Any], gain: Any = 1.0, dead_zone: Any = 0.0) -> None:
        super().__init__(env)
        self._space = self.row(env.action_space, "actions")
        count = self._space.shape[0]
        self.gain = per_number(gain, count, f"gain of {self.name}")
        self.dead_zone = per_number(dead_zone, count, f"dead_zone of {self.name}")

    def step(self, action: Any) -> Any:
        """What is left of the action."""
        space = self._space
        largest = np.maximum(np.abs(space.low), np.abs(space.high))
        felt = np.where(np.abs(action) < self.dead_zone * largest, 0.0, self.gain * action)
        return self.env.step(felt.astype(space.dtype))
