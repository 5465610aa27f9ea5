"""Parameters of a MuJoCo model, as factors of what its file says."""

from __future__ import annotations

from typing import Any

from headstart.sim.simulators.simulator import Setter

GRAVITY = 9.81  # m/s²


def mass(*bodies: str) -> Setter:
    """The mass (and with it the inertia) of some bodies; of all where none is named."""
    return _scaled(("body_mass", "body_inertia"), bodies, "body")


def damping() -> Setter:
    """The damping of all joints."""
    return _scaled(("dof_damping",))


def armature() -> Setter:
    """The rotor inertia of all joints, which weighs more than the limbs in several of these models."""
    return _scaled(("dof_armature",))


def strength() -> Setter:
    """What all motors give for the same command."""
    return _scaled(("actuator_gear",))


def grip() -> Setter:
    """The friction of all surfaces."""
    return _scaled(("geom_friction",))


def gravity() -> Setter:
    """Gravity, in m/s² downwards."""

    def put(env: Any, value: float, _: dict[str, Any]) -> None:
        env.model.opt.gravity[2] = -value

    return put


def viscosity() -> Setter:
    """The thickness of what a robot moves through."""

    def put(env: Any, factor: float, first: dict[str, Any]) -> None:
        env.model.opt.viscosity = first.setdefault("viscosity", env.model.opt.viscosity) * factor

    return put


def _scaled(fields: tuple[str, ...], names: tuple[str, ...] = (), kind: str = "") -> Setter:
    def put(env: Any, factor: float, first: dict[str, Any]) -> None:
        import mujoco

        rows = [getattr(env.model, kind)(name).id for name in names] if names else slice(None)
        for field in fields:
            array = getattr(env.model, field)
            array[rows] = first.setdefault(field, array.copy())[rows] * factor
        mujoco.mj_setConst(env.model, env.data)  # what the engine derives from masses and inertias

    return put
