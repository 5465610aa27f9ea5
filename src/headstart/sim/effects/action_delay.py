"""Commands arrive late."""

from __future__ import annotations

from collections import deque
from typing import Any

import gymnasium
import numpy as np

from headstart.sim.effects.effect import Effect, register


@register
class ActionDelay(Effect):
    """Each action takes effect `steps` steps later.

    Until the first one arrives the motors rest (0, or the nearest to it that is allowed); where actions are
    choices, the first choice is held.
    """

    name = "action_delay"
    neutral = {"steps": 0}  # noqa: RUF012

    def __init__(self, env: gymnasium.Env[Any, Any], steps: int) -> None:
        super().__init__(env)
        self.steps = steps
        self._waiting: deque[Any] = deque()

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """A new episode; nothing is under way."""
        self._waiting.clear()
        return super().reset(seed=seed, options=options)

    def step(self, action: Any) -> Any:
        """The action of `steps` steps ago."""
        while len(self._waiting) < self.steps:
            self._waiting.append(self._rest(action))
        self._waiting.append(action)
        return self.env.step(self._waiting.popleft())

    def _rest(self, first: Any) -> Any:
        space = self.env.action_space
        if isinstance(space, gymnasium.spaces.Box):
            return np.clip(np.zeros(space.shape, space.dtype), space.low, space.high)
        return first
