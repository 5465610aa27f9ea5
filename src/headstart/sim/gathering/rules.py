"""Rules by hand for environments that have simple ones: demonstrators that need no training.

They are sound, not optimal; `docs/control-gather.md` says what each returns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rule = Callable[[NDArray[Any]], Any]


def cart_pole(seen: NDArray[Any]) -> int:
    """Push towards the side to which the pole falls, a little less when the cart drifts there."""
    place, speed, angle, turning = seen
    return int(angle + 0.3 * turning + 0.05 * place + 0.1 * speed > 0)


def pendulum(seen: NDArray[Any]) -> NDArray[np.float32]:
    """Pump energy until the pole comes up, then hold it (Åström and Furuta, 2000)."""
    cosine, sine, turning = (float(one) for one in seen)
    angle = np.arctan2(sine, cosine)
    if cosine > 0.9:
        torque = -16.0 * angle - 4.0 * turning
    else:
        missing = 10.0 * (1.0 - cosine) - turning**2 / 3.0  # of the energy that reaches the top, times 2
        torque = 2.0 * np.sign(turning or 1.0) * np.sign(missing)
    return np.array([np.clip(torque, -2.0, 2.0)], dtype=np.float32)


def mountain_car(seen: NDArray[Any]) -> int:
    """Drive the way the car moves."""
    return 2 if seen[1] >= 0 else 0


def mountain_car_continuous(seen: NDArray[Any]) -> NDArray[np.float32]:
    """The same, with all force."""
    return np.array([1.0 if seen[1] >= 0 else -1.0], dtype=np.float32)


def lane_keeping(seen: NDArray[Any]) -> NDArray[np.float32]:
    """Steer with the bend, back to the middle of the lane; keep two seconds' distance."""
    offset, heading, _, turning, speed, here, bend, _, gap, closing, _ = (float(one) for one in seen)
    steer = 0.11 * bend - 0.25 * offset - 1.6 * heading - 0.1 * (turning - 0.1 * here * speed)
    wished = min(1.6, max(0.5, 0.5 * (gap - 0.5)))  # in 10 m/s, from the gap in 10 m
    drive = 2.0 * (wished - speed) - max(0.0, 1.0 * closing) * (gap < 3.0)
    return np.clip(np.array([steer, drive], dtype=np.float32), -1.0, 1.0)


def paddle(seen: NDArray[Any]) -> int:
    """Follow the ball."""
    ball, _, _, _, at = (float(one) for one in seen)
    return 2 if ball > at + 0.02 else 0 if ball < at - 0.02 else 1


RULES: dict[str, Rule] = {
    "CartPole-v1": cart_pole,
    "Pendulum-v1": pendulum,
    "MountainCar-v0": mountain_car,
    "MountainCarContinuous-v0": mountain_car_continuous,
    "headstart/LaneKeeping-v0": lane_keeping,
    "headstart/Paddle-v0": paddle,
}
