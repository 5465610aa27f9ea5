"""Pairs on the two-link arm."""

from __future__ import annotations

from headstart.sim.pairs.pair import Pair, register
from headstart.sim.simulators.reacher import REACHER

register(
    Pair(
        "reacher-worn",
        "robot",
        "near",
        "The real arm has stiffer joints, and motors that have worn out.",
        REACHER,
        target={"damping": 2.0},
        effects=(("worn_actuator", {"gain": 0.7, "dead_zone": 0.02}),),
        learner="sac",
        source_steps=20_000,
    )
)
