"""Pairs on the pendulum."""

from __future__ import annotations

from headstart.sim.pairs.pair import Pair, register
from headstart.sim.simulators.pendulum import PENDULUM

register(
    Pair(
        "pendulum-heavy",
        "robot",
        "near",
        "The real pole is a fifth heavier than any that was simulated, and its sensors tremble.",
        PENDULUM,
        target={"mass": 1.2},
        effects=(("sensor_noise", {"spread": (0.01, 0.01, 0.05)}),),
        learner="sac",
        source_steps=8000,
    )
)

register(
    Pair(
        "pendulum-late",
        "robot",
        "far",
        "Commands arrive a tenth of a second late, and the pole is pulled down by two fifths more.",
        PENDULUM,
        target={"gravity": 14.0},
        effects=(("action_delay", {"steps": 2}),),
        learner="sac",
        source_steps=8000,
    )
)
