"""One episode, noted step by step: whoever acts, and however it ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import SimulationError
from headstart.sim import spaces
from headstart.sim.gathering.trajectories import Ended, Trajectory
from headstart.sim.metered import LONGEST_EPISODE, VIOLATION, Metered
from headstart.sim.rollouts import Acting

Actor = Callable[[int], Acting]  # who acts in the episode of that seed


class Left(Exception):
    """Whoever acts has had enough; the episode ends here."""


@dataclass
class Walked:
    """What has been seen and done so far; whole at every moment, whatever interrupts the walk."""

    seed: int
    choice: bool
    observations: list[NDArray[np.float32]] = field(default_factory=list)
    actions: list[Any] = field(default_factory=list)
    rewards: list[float] = field(default_factory=list)
    violations: list[float] = field(default_factory=list)
    ended: Ended = "left"

    def trajectory(self) -> Trajectory:
        """All of it as arrays; at least the first observation has to be there."""
        acts = np.array(self.actions, dtype=np.int64 if self.choice else np.float32)
        return Trajectory(
            self.seed,
            np.array(self.observations, dtype=np.float32),
            acts,
            np.array(self.rewards, dtype=np.float64),
            np.array(self.violations, dtype=np.float64),
            self.ended,
        )


def walk(
    acting: Acting,
    env: Metered,
    walked: Walked,
    *,
    most_steps: int = LONGEST_EPISODE,
    look: Callable[[], None] = lambda: None,
) -> None:
    """Act one episode out, `most_steps` at the longest; each step is in `walked` before the next begins.

    `look` is called after the reset and after every step: to draw, or to count.

    Raises:
        SimulationError: the environment failed, or an action is no number. `walked` keeps what was before.
    """
    spec = env.spec
    limit = spec.max_episode_steps if spec is not None else None
    observation, _ = env.reset(seed=walked.seed)
    walked.observations.append(observation)
    try:
        look()
        while True:
            action = acting.act(observation[None])[0]
            if not np.isfinite(action).all():
                found = f"the action of step {len(walked.rewards) + 1} is no number"
                raise SimulationError(
                    found, where=env.name, remedy="Whoever acts is broken, not the environment."
                )
            observation, reward, terminated, truncated, info = env.step(action)
            walked.observations.append(observation)
            walked.actions.append(action)
            walked.rewards.append(reward)
            walked.violations.append(float(info.get(VIOLATION, 0.0)))
            look()
            taken = len(walked.rewards)
            if terminated:
                walked.ended = "terminated"
                return
            if truncated and (taken < LONGEST_EPISODE or taken == limit):
                walked.ended = "truncated"
                return
            if taken >= most_steps or truncated:
                walked.ended = "cut"
                return
    except Left:
        walked.ended = "left"


def walked_in(env: Metered, seed: int) -> Walked:
    """An empty note of an episode in `env`."""
    return Walked(seed, spaces.to_json(env.action_space)["type"] == "discrete")
