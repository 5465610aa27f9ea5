"""A flat arm of two links whose tip is to reach a mark."""

from __future__ import annotations

from typing import Any

from headstart.sim.simulators import mujoco_model
from headstart.sim.simulators.simulator import Parameter, Simulator

FASTEST_RAD_PER_S = 15.0  # what a trained arm stays below; flailing exceeds it


def _too_fast(env: Any, _: bool) -> bool:
    return bool(abs(env.data.qvel[:2]).max() > FASTEST_RAD_PER_S)


REACHER = Simulator(
    "Reacher-v5",
    {
        "damping": Parameter(0.8, 1.2, 1.0, 0.1, 10.0, "", "joint damping", mujoco_model.damping()),
        "inertia": Parameter(0.8, 1.2, 1.0, 0.2, 5.0, "", "rotor inertia", mujoco_model.armature()),
        "strength": Parameter(0.9, 1.1, 1.0, 0.1, 3.0, "", "strength of the motors", mujoco_model.strength()),
    },
    violated=_too_fast,
    limit=f"a joint turns faster than {FASTEST_RAD_PER_S:g} rad/s",
)
