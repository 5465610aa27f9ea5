"""Pairs on the game of crossing a street."""

from __future__ import annotations

from headstart.sim.pairs.pair import Pair, register
from headstart.sim.simulators.crossing import CROSSING

register(
    Pair(
        "crossing-hurried",
        "game",
        "near",
        "Rush hour: cars are a third faster, and drivers change their speed, which nobody modelled.",
        CROSSING,
        target={"car_speed": 0.04},
        effects=(),
        hidden={"hurry": 0.05},
        learner="dqn",
        source_steps=40_000,
    )
)

register(
    Pair(
        "crossing-lorries",
        "game",
        "far",
        "Lorries: twice the length and speed, and a tired walker moves two steps late.",
        CROSSING,
        target={"car_speed": 0.06, "car_length": 0.4},
        effects=(("action_delay", {"steps": 2}),),
        learner="dqn",
        source_steps=40_000,
    )
)
