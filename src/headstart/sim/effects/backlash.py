"""Gears with play."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np

from headstart.sim.effects.effect import Effect, per_number, register


@register
class Backlash(Effect):
    """What drives the joint moves only after the command has crossed a gap of `gap` × the largest command.

    The play operator: the output stays where it is until the command pushes it from either side.
    """

    name = "backlash"
    neutral = {"gap": 0.0}  # noqa: RUF012

    def __init__(self, env: gymnasium.Env[Any, Any], gap: Any) -> None:
        super().__init__(env)
        self._space = space = self.row(env.action_space, "actions")
        count = space.shape[0]
        self._half = 0.5 * per_number(gap, count, f"gap of {self.name}") * np.maximum(-space.low, space.high)
        self._at = np.zeros(count)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """A new episode, the gears in the middle."""
        self._at = np.zeros_like(self._at)
        return super().reset(seed=seed, options=options)

    def step(self, action: Any) -> Any:
        """What comes through the gears."""
        space = self._space
        self._at = np.clip(self._at, action - self._half, action + self._half)
        return self.env.step(np.clip(self._at, space.low, space.high).astype(space.dtype))
