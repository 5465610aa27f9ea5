"""A game of crossing a street."""

from __future__ import annotations

from headstart.sim.simulators.simulator import Parameter, Simulator, attribute

CROSSING = Simulator(
    "headstart/Crossing-v0",
    {
        "car_speed": Parameter(
            0.026, 0.034, 0.03, 0.0, 0.2, "width/step", "speed of the cars", attribute("car_speed")
        ),
        "car_length": Parameter(
            0.22, 0.28, 0.25, 0.05, 0.6, "width", "length of the cars", attribute("car_length")
        ),
    },
    violated=lambda env, terminated: terminated,
    limit="the walker is hit by a car",
)
