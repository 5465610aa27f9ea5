"""Joints that rub."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np

from headstart.core.errors import SimulationError
from headstart.sim.effects.effect import Effect, register


@register
class Friction(Effect):
    """Dry friction: every joint of a MuJoCo robot is braked by `torque` (N m, or N for a slide), whatever its
    speed; a pendulum's joint likewise, in N m for a pole of 1 kg and 1 m.
    """

    name = "friction"
    neutral = {"torque": 0.0}  # noqa: RUF012

    def __init__(self, env: gymnasium.Env[Any, Any], torque: float) -> None:
        super().__init__(env)
        self.torque = torque
        self._pendulum = hasattr(env.unwrapped, "max_torque")
        model = getattr(env.unwrapped, "model", None)
        if model is not None:
            driven = model.jnt_dofadr[model.actuator_trnid[:, 0]]
            model.dof_frictionloss[driven] += torque
        elif not self._pendulum:
            raise SimulationError(
                f"{env} has no joints that could rub", expected="a MuJoCo robot, a pendulum"
            )

    def step(self, action: Any) -> Any:
        """One step; the pendulum's is braked first, and never pushed back."""
        if self._pendulum and self.torque:
            inner: Any = self.env.unwrapped
            angle, rate = inner.state
            brake = 3 * self.torque * inner.dt
            inner.state = np.array([angle, np.sign(rate) * max(abs(rate) - brake, 0.0)])
        return self.env.step(action)
