"""Pairs on robots that hop, run and swim: longer to learn than the others."""

from __future__ import annotations

from headstart.sim.pairs.pair import Pair, register
from headstart.sim.simulators.runners import CHEETAH, HOPPER, SWIMMER

register(
    Pair(
        "hopper-loaded",
        "robot",
        "far",
        "The real torso is half as heavy again, and the floor grips less.",
        HOPPER,
        target={"grip": 0.6},
        effects=(("payload", {"mass_kg": 2.0, "body": "torso"}),),
        learner="sac",
        source_steps=40_000,
    )
)

register(
    Pair(
        "cheetah-worn",
        "robot",
        "near",
        "The real motors are weaker, and do not answer small commands.",
        CHEETAH,
        target={"strength": 0.8},
        effects=(("worn_actuator", {"dead_zone": 0.1}),),
        learner="sac",
        source_steps=40_000,
    )
)

register(
    Pair(
        "swimmer-thick",
        "robot",
        "near",
        "The real water is half as thick again, and one of the two motors has lost a third of its strength.",
        SWIMMER,
        target={"viscosity": 1.5},
        effects=(("worn_actuator", {"gain": (1.0, 0.67)}),),
        learner="sac",
        source_steps=40_000,
    )
)
