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
