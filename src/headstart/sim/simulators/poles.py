"""One pole, or two on each other, on a cart that a motor moves."""

from __future__ import annotations

from headstart.sim.simulators import mujoco_model
from headstart.sim.simulators.simulator import Parameter, Simulator

_STRENGTH = Parameter(0.85, 1.15, 1.0, 0.1, 3.0, "", "strength of the motor", mujoco_model.strength())
_GRAVITY = Parameter(9.0, 10.5, mujoco_model.GRAVITY, 1.0, 25.0, "m/s²", "gravity", mujoco_model.gravity())
_FRICTION = Parameter(0.8, 1.2, 1.0, 0.0, 50.0, "", "damping of all joints", mujoco_model.damping())

POLE = Simulator(
    "InvertedPendulum-v5",
    {
        "load": Parameter(0.8, 1.2, 1.0, 0.2, 6.0, "", "mass of the pole", mujoco_model.mass("pole")),
        "damping": _FRICTION,
        "strength": _STRENGTH,
        "gravity": _GRAVITY,
    },
    violated=lambda env, terminated: terminated,
    limit="the pole falls",
)

DOUBLE_POLE = Simulator(
    "InvertedDoublePendulum-v5",
    {
        "load": Parameter(0.8, 1.2, 1.0, 0.2, 6.0, "", "mass of the upper pole", mujoco_model.mass("pole2")),
        "damping": _FRICTION,
        "strength": _STRENGTH,
        "gravity": _GRAVITY,
    },
    violated=lambda env, terminated: terminated,
    limit="the poles fall",
)
