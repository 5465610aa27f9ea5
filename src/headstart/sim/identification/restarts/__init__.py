"""Simulators that can be put into an observed state, a file for each kind. The door: `restart_for`."""

from headstart.sim.identification.restarts import (  # noqa: F401  registered on import
    cart_pole,
    lane_keeping,
    mujoco_state,
    paddle,
    pendulum,
)
from headstart.sim.identification.restarts.restart import KINDS, Array, Restart
from headstart.sim.simulators import Simulated

__all__ = ["Array", "Restart", "restart_for"]


def restart_for(env: Simulated) -> Restart | None:
    """How this simulator is put into an observed state; None where nobody has said, or an observation does
    not show the whole state.
    """
    kind = next((kind for kind in KINDS if kind.fits(env.unwrapped)), None)
    return kind(env) if kind is not None else None
