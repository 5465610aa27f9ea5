"""Robots that hop, run and swim."""

from __future__ import annotations

from typing import Any

from headstart.sim.simulators import mujoco_model
from headstart.sim.simulators.simulator import Parameter, Simulator

TIPPED_RAD = 1.2  # a cheetah that leans more lies on its back soon
FOLDED_RAD = 1.7  # a swimmer's joints end at 1.75


def _parameters(torso: str) -> dict[str, Parameter]:
    return {
        "payload": Parameter(
            0.85, 1.15, 1.0, 0.3, 4.0, "", "mass of the foremost part", mujoco_model.mass(torso)
        ),
        "damping": Parameter(0.8, 1.2, 1.0, 0.1, 10.0, "", "joint damping", mujoco_model.damping()),
        "strength": Parameter(0.9, 1.1, 1.0, 0.2, 3.0, "", "strength of the motors", mujoco_model.strength()),
        "grip": Parameter(0.85, 1.15, 1.0, 0.1, 4.0, "", "grip of all surfaces", mujoco_model.grip()),
        "gravity": Parameter(
            9.0, 10.5, mujoco_model.GRAVITY, 1.0, 25.0, "m/s²", "gravity", mujoco_model.gravity()
        ),
    }


def _tipped(env: Any, _: bool) -> bool:
    return bool(abs(env.data.qpos[2]) > TIPPED_RAD)


def _folded(env: Any, _: bool) -> bool:
    return bool(abs(env.data.qpos[3:5]).max() > FOLDED_RAD)


HOPPER = Simulator(
    "Hopper-v5",
    _parameters("torso"),
    violated=lambda env, terminated: terminated,
    limit="the hopper falls",
)
CHEETAH = Simulator(
    "HalfCheetah-v5",
    _parameters("torso"),
    violated=_tipped,
    limit=f"the body tips by more than {TIPPED_RAD:g} rad",
)
SWIMMER = Simulator(
    "Swimmer-v5",
    {
        **{name: one for name, one in _parameters("torso").items() if name in ("payload", "strength")},
        "viscosity": Parameter(
            0.8, 1.2, 1.0, 0.2, 5.0, "", "thickness of the water", mujoco_model.viscosity()
        ),
    },
    violated=_folded,
    limit=f"a joint bends by more than {FOLDED_RAD:g} rad",
)
