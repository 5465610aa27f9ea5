"""Pairs on poles that a motor balances."""

from __future__ import annotations

from headstart.sim.pairs.pair import Pair, register
from headstart.sim.simulators.poles import DOUBLE_POLE, POLE

register(
    Pair(
        "pole-loaded",
        "robot",
        "near",
        "The real pole carries as much again as it weighs, and the drive has play.",
        POLE,
        target={"load": 2.0},
        effects=(("backlash", {"gap": 0.02}),),
        learner="sac",
        source_steps=10_000,
    )
)

register(
    Pair(
        "double-pole-late",
        "robot",
        "far",
        "The motor is worn to three fifths, joints rub, and commands come a twentieth of a second late.",
        DOUBLE_POLE,
        target={"strength": 0.6},
        effects=(("action_delay", {"steps": 1}), ("friction", {"torque": 5.0})),
        learner="sac",
        source_steps=20_000,
    )
)
