"""Sensors that tremble, and sensors that are off."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np

from headstart.sim.effects.effect import Effect, per_number, register


@register
class SensorNoise(Effect):
    """Adds to every number of an observation a constant `bias` and Gaussian noise of standard deviation
    `spread`, each one number for all or one for each, in the observation's units; kept within its limits.
    """

    name = "sensor_noise"
    neutral = {"spread": 0.0, "bias": 0.0}  # noqa: RUF012

    def __init__(self, env: gymnasium.Env[Any, Any], spread: Any = 0.0, bias: Any = 0.0) -> None:
        super().__init__(env)
        self._space = self.row(env.observation_space, "observations")
        count = self._space.shape[0]
        self.spread = per_number(spread, count, f"spread of {self.name}")
        self.bias = per_number(bias, count, f"bias of {self.name}")

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """A new episode, its first observation as the sensors see it."""
        observation, info = super().reset(seed=seed, options=options)
        return self._sensed(observation), info

    def step(self, action: Any) -> Any:
        """One step as the sensors see it."""
        observation, *rest = self.env.step(action)
        return self._sensed(observation), *rest

    def _sensed(self, observation: Any) -> Any:
        space = self._space
        off = self.bias + self.spread * self.random.standard_normal(len(self.spread))
        return np.clip(observation + off, space.low, space.high).astype(space.dtype)
