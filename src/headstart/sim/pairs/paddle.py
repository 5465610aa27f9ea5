"""Pairs on the game of ball and paddle."""

from __future__ import annotations

from headstart.sim.pairs.pair import Pair, register
from headstart.sim.simulators.paddle import PADDLE

register(
    Pair(
        "paddle-fast",
        "game",
        "near",
        "The real ball is a third faster, and every key takes a step to work.",
        PADDLE,
        target={"ball_speed": 0.065},
        effects=(("action_delay", {"steps": 1}),),
        learner="dqn",
        source_steps=40_000,
    )
)

register(
    Pair(
        "paddle-wind",
        "game",
        "far",
        "A side wind bends the ball's way, the paddle is half as wide, and the keys lag.",
        PADDLE,
        target={"half_width": 0.06},
        effects=(("action_delay", {"steps": 3}),),
        hidden={"wind": 1.0},
        learner="dqn",
        source_steps=40_000,
    )
)
