"""A game of ball and paddle."""

from __future__ import annotations

from headstart.sim.simulators.simulator import Parameter, Simulator, attribute

PADDLE = Simulator(
    "headstart/Paddle-v0",
    {
        "ball_speed": Parameter(
            0.045, 0.055, 0.05, 0.01, 0.15, "field/step", "speed of the ball", attribute("ball_speed")
        ),
        "paddle_speed": Parameter(
            0.036, 0.044, 0.04, 0.005, 0.2, "field/step", "speed of the paddle", attribute("paddle_speed")
        ),
        "half_width": Parameter(
            0.1, 0.14, 0.12, 0.02, 0.4, "field", "half the paddle's width", attribute("half_width")
        ),
    },
    violated=lambda env, terminated: terminated,
    limit="a ball is missed",
)
