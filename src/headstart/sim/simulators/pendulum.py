"""A pole on a motor that is too weak to lift it in one go: swing it up, hold it there."""

from __future__ import annotations

from typing import Any

from headstart.sim.simulators.simulator import Parameter, Simulator, attribute

FASTEST_RAD_PER_S = 7.5  # the joint's speed limit; the simulation itself stops at 8


def _too_fast(env: Any, _: bool) -> bool:
    return bool(abs(env.state[1]) > FASTEST_RAD_PER_S)


PENDULUM = Simulator(
    "Pendulum-v1",
    {
        "mass": Parameter(0.9, 1.1, 1.0, 0.2, 3.0, "kg", "mass of the pole", attribute("m")),
        "length": Parameter(0.9, 1.1, 1.0, 0.3, 2.5, "m", "length of the pole", attribute("l")),
        "gravity": Parameter(9.0, 11.0, 10.0, 1.0, 25.0, "m/s²", "gravity", attribute("g")),
    },
    violated=_too_fast,
    limit=f"the joint turns faster than {FASTEST_RAD_PER_S} rad/s",
)
