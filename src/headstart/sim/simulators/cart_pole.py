"""A pole on a cart that is pushed left or right: keep it up."""

from __future__ import annotations

from typing import Any

from headstart.sim.simulators.simulator import Parameter, Simulator, attribute


def _derived(env: Any) -> None:
    env.total_mass = env.masspole + env.masscart
    env.polemass_length = env.masspole * env.length


def _put(name: str) -> Any:
    def put(env: Any, value: float, _: dict[str, Any]) -> None:
        setattr(env, name, value)
        _derived(env)

    return put


CART_POLE = Simulator(
    "CartPole-v1",
    {
        "pole_mass": Parameter(0.08, 0.12, 0.1, 0.01, 2.0, "kg", "mass of the pole", _put("masspole")),
        "pole_length": Parameter(0.4, 0.6, 0.5, 0.05, 3.0, "m", "half the pole's length", _put("length")),
        "push": Parameter(9.0, 11.0, 10.0, 1.0, 40.0, "N", "force of a push", attribute("force_mag")),
    },
    violated=lambda env, terminated: terminated,
    limit="the pole falls, or the cart leaves its rail",
)
