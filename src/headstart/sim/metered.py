"""The environment as learners see it: flat observations, every step counted, nothing unsound let through."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import SimulationError
from headstart.sim.environment import EnvironmentId, open_environment

LONGEST_EPISODE = 10_000  # steps; without an end before that an episode is cut, and said to be endless
VIOLATION = "violation"  # in a step's info: how many limits were broken in it (a number, or true)


class TooManyViolations(Exception):
    """The cap on broken safety limits was reached; learning stops there."""


@dataclass
class Ledger:
    """What was spent in an environment: steps, whole episodes, broken safety limits.

    `most_violations`: reaching it raises `TooManyViolations`; None: no cap.
    """

    steps: int = 0
    episodes: int = 0
    violations: float = 0.0
    most_violations: float | None = None


class Metered(gym.Wrapper[Any, Any, Any, Any]):
    """Counts into a ledger and refuses what cannot be learned from; observations become float32 [obs].

    `finished` collects (return, steps, violations) of each whole episode.
    """

    def __init__(self, env: gym.Env[Any, Any], ledger: Ledger, name: str = "") -> None:
        super().__init__(env)
        self.ledger, self.name = ledger, name
        self.observation_space: gym.Space[Any] = flat_space(env.observation_space, name)
        self.finished: list[tuple[float, int, float]] = []
        self._return, self._steps, self._violations = 0.0, 0, 0.0

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> Any:
        """A new episode; one that was under way is given up."""
        self._return, self._steps, self._violations = 0.0, 0, 0.0
        try:
            observation, info = self.env.reset(seed=seed, options=options)
        except Exception as error:
            raise self._fault(f"reset() raised {type(error).__name__}: {error}") from error
        return self._flat(observation), info

    def step(self, action: Any) -> Any:
        """One step, counted.

        Raises:
            SimulationError: the environment raised, or gave a value that is no number.
            TooManyViolations: the cap is reached.
        """
        self.ledger.steps += 1
        self._steps += 1
        try:
            observation, reward, terminated, truncated, info = self.env.step(action)
        except Exception as error:
            raise self._fault(f"step() raised {type(error).__name__}: {error}") from error
        flat = self._flat(observation)
        if not math.isfinite(float(reward)):
            raise self._fault(f"the reward of step {self._steps} is {reward}")
        self._return += float(reward)
        broken = float(info.get(VIOLATION, 0.0))
        self._violations += broken
        self.ledger.violations += broken
        truncated = bool(truncated) or self._steps >= LONGEST_EPISODE
        if truncated and not terminated:
            info["TimeLimit.truncated"] = True
        if terminated or truncated:
            self.ledger.episodes += 1
            self.finished.append((self._return, self._steps, self._violations))
        cap = self.ledger.most_violations
        if cap is not None and self.ledger.violations >= cap:
            raise TooManyViolations
        return flat, float(reward), bool(terminated), truncated, info

    def _flat(self, observation: Any) -> NDArray[np.float32]:
        from gymnasium.spaces import flatten

        flat = np.asarray(flatten(self.env.observation_space, observation), dtype=np.float32)
        if not np.isfinite(flat).all():
            raise self._fault(f"the observation after step {self._steps} holds a value that is no number")
        return flat

    def _fault(self, found: str) -> SimulationError:
        return SimulationError(
            found,
            where=self.name,
            expected="finite numbers, episode after episode",
            remedy=f"`headstart sim inspect {self.name}` says what is wrong with it.",
        )


def metered(
    environment: EnvironmentId, ledger: Ledger | None = None, *, render_mode: str | None = None
) -> Metered:
    """Open an environment, counted into `ledger`.

    Raises:
        SimulationError: it cannot be opened, or its spaces are not flat numbers.
    """
    return Metered(
        open_environment(environment, render_mode=render_mode), ledger or Ledger(), environment.text
    )


def flat_space(space: gym.Space[Any], name: str) -> gym.spaces.Box:
    """The flat form of an observation space.

    Raises:
        SimulationError: it has none (words, sequences, graphs).
    """
    from gymnasium.spaces import Box, flatten_space

    flat = flatten_space(space) if space.is_np_flattenable else None
    if not isinstance(flat, Box):
        raise SimulationError(
            f"observations of the kind {type(space).__name__} are not a fixed row of numbers",
            where=name,
            remedy="Wrap the environment so that it gives numbers.",
        )
    return Box(flat.low.astype(np.float32), flat.high.astype(np.float32), dtype=np.float32)
