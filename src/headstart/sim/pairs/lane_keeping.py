"""Pairs on the road."""

from __future__ import annotations

from headstart.sim.pairs.pair import Pair, register
from headstart.sim.simulators.lane_keeping import LANE_KEEPING

register(
    Pair(
        "lane-loaded",
        "driving",
        "near",
        "The real car carries half a ton more, and its sensors are a little off.",
        LANE_KEEPING,
        target={"mass": 2000.0},
        effects=(("sensor_noise", {"spread": 0.01, "bias": (0.1, *(0.0,) * 10)}),),
        learner="sac",
        source_steps=20_000,
    )
)

register(
    Pair(
        "lane-ice",
        "driving",
        "far",
        "Winter: a third of the grip, slow steering, and cars ahead that brake out of the blue.",
        LANE_KEEPING,
        target={"grip": 0.3, "steering_lag": 0.25},
        effects=(),
        hidden={"braking_hz": 0.1},
        learner="sac",
        source_steps=20_000,
    )
)
