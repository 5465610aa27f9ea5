"""Something that is carried."""

from __future__ import annotations

from typing import Any

import gymnasium

from headstart.core.errors import SimulationError
from headstart.sim.effects.effect import Effect, register


@register
class Payload(Effect):
    """A point mass of `mass_kg` in the middle of a `body` of a MuJoCo robot."""

    name = "payload"
    neutral = {"mass_kg": 0.0}  # noqa: RUF012

    def __init__(self, env: gymnasium.Env[Any, Any], mass_kg: float, body: str = "") -> None:
        super().__init__(env)
        inner: Any = env.unwrapped
        if not hasattr(inner, "model"):
            raise SimulationError(f"{env} has no bodies that could carry", expected="a MuJoCo robot")
        if mass_kg:
            import mujoco

            inner.model.body_mass[inner.model.body(body or 1).id] += mass_kg
            mujoco.mj_setConst(inner.model, inner.data)
