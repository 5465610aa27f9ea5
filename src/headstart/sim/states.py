"""From an observation back to the simulator's state: what a prediction has to begin from.

Only for environments whose observations say it all (up to a place in the world that changes nothing).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Setter = Callable[[Any, NDArray[np.float64]], None]


def setter_of(gym_id: str) -> Setter | None:
    """Puts an unwrapped environment of this id into the state of an observation; None where unknown."""
    name = gym_id.partition("-")[0].rpartition("/")[2]
    return _SETTERS.get(name)


def _pendulum(env: Any, seen: NDArray[np.float64]) -> None:
    env.state = np.array([np.arctan2(seen[1], seen[0]), seen[2]])
    env.last_u = None


def _state(env: Any, seen: NDArray[np.float64]) -> None:
    env.state = np.array(seen)
    env.steps_beyond_terminated = None


def _reacher(env: Any, seen: NDArray[np.float64]) -> None:
    joints = np.arctan2(seen[2:4], seen[0:2])
    env.set_state(np.concatenate([joints, seen[4:6]]), np.concatenate([seen[6:8], [0.0, 0.0]]))


def _joints(hidden: int) -> Setter:
    """Positions without the first `hidden`, then velocities: most of MuJoCo's robots."""

    def put(env: Any, seen: NDArray[np.float64]) -> None:
        positions = env.model.nq - hidden
        env.set_state(
            np.concatenate([np.zeros(hidden), seen[:positions]]), seen[positions : positions + env.model.nv]
        )

    return put


_SETTERS: dict[str, Setter] = {
    "Pendulum": _pendulum,
    "CartPole": _state,
    "MountainCarContinuous": _state,
    "MountainCar": _state,
    "Reacher": _reacher,
    "InvertedPendulum": _joints(0),
    "Hopper": _joints(1),
    "HalfCheetah": _joints(1),
    "Walker2d": _joints(1),
    "Swimmer": _joints(2),
}
