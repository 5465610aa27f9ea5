"""Commands that are not followed now and then."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import gymnasium

from headstart.core.seeds import derive
from headstart.sim.effects.effect import Effect, register


@register
class Slip(Effect):
    """With probability `share` a step's action is replaced by one drawn at random."""

    name = "slip"
    neutral = {"share": 0.0}  # noqa: RUF012

    def __init__(self, env: gymnasium.Env[Any, Any], share: float) -> None:
        super().__init__(env)
        self.share = share
        self._others = deepcopy(env.action_space)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """A new episode."""
        found = super().reset(seed=seed, options=options)
        if seed is not None:
            self._others.seed(derive(seed, "effect", self.name, "actions"))
        return found

    def step(self, action: Any) -> Any:
        """The action, or another one."""
        slips = self.random.random() < self.share
        return self.env.step(self._others.sample() if slips else action)
