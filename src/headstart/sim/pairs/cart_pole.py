"""Pairs on the cart with a pole."""

from __future__ import annotations

from headstart.sim.pairs.pair import Pair, register
from headstart.sim.simulators.cart_pole import CART_POLE

register(
    Pair(
        "cart-pole-long",
        "robot",
        "near",
        "The real pole is twice as long and as heavy, and a push comes a step late.",
        CART_POLE,
        target={"pole_length": 1.0, "pole_mass": 0.2},
        effects=(("action_delay", {"steps": 1}),),
        learner="ppo",
        source_steps=40_000,
    )
)

register(
    Pair(
        "cart-pole-rewired",
        "robot",
        "far",
        "Other sensors: in another order, in degrees, one gone and one new; and a pole three times as heavy.",
        CART_POLE,
        target={"pole_mass": 0.3},
        effects=(
            (
                "other_sensors",
                {
                    "drop": ("velocity of the cart",),
                    "add": 1,
                    "units": {"angle of the pole": "deg", "rate of the pole": "deg/s"},
                    "shuffle": 0,
                },
            ),
        ),
        learner="ppo",
        source_steps=40_000,
    )
)
