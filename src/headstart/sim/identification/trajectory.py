"""A few short trajectories of the target: what was seen, what was done, and no more than that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

from headstart.core.seeds import generator
from headstart.sim.metered import Metered
from headstart.sim.rollouts import Acting

MOST_TRAJECTORIES = 20
STEPS = 100  # of each, at most: a few seconds of most robots
EXCITE = 0.3  # of half the range of actions: enough to be seen above what the policy does, docs/LOG.md
MEMORY = 0.8  # of the noise from step to step: pushes that last some steps move heavy bodies too


@dataclass(frozen=True, slots=True)
class Trajectory:
    """`observations` [t + 1, obs] and the `actions` [t, …] between them, as they were commanded."""

    observations: NDArray[np.float32]
    actions: NDArray[Any]

    @classmethod
    def of(cls, episode: Mapping[str, NDArray[Any]], steps: int = STEPS) -> Trajectory:
        """The beginning of an episode that `rollouts.transitions` gave."""
        return cls(
            np.asarray(episode["observations"][: steps + 1], dtype=np.float32), episode["actions"][:steps]
        )

    @property
    def steps(self) -> int:
        """How long it is."""
        return len(self.actions)


def gather(
    policy: Acting, env: Metered, seeds: Sequence[int], *, steps: int = STEPS, excite: float = EXCITE
) -> tuple[Trajectory, ...]:
    """The policy's own episodes, cut after `steps`, one for each seed; its actions are disturbed, since a
    policy that is quiet says little of the world it is quiet in. Every step is counted by `env`.

    Args:
        policy: the source's.
        env: the target.
        seeds: of the episodes, and of the disturbance.
        steps: after which a trajectory is cut.
        excite: standard deviation of the disturbance in halves of the range of actions; where actions are
            choices, the probability of a random one.

    Raises:
        SimulationError, TooManyViolations: see `Metered`.
    """
    return tuple(_gathered(policy, env, seed, steps, excite) for seed in seeds)


def _gathered(policy: Acting, env: Metered, seed: int, steps: int, excite: float) -> Trajectory:
    random = generator(seed, "excitation")
    observation, _ = env.reset(seed=seed)
    seen, done = [observation], []
    push: Any = 0.0
    for _ in range(steps):
        wanted = policy.act(observation[None])[0]
        push = MEMORY * push + np.sqrt(1 - MEMORY**2) * random.standard_normal(np.shape(wanted))
        action = _disturbed(wanted, env.action_space, excite, push, random)
        observation, _, terminated, truncated, _ = env.step(action)
        seen.append(observation)
        done.append(action)
        if terminated or truncated:
            break
    return Trajectory(np.array(seen), np.array(done))


def _disturbed(wanted: Any, space: Any, excite: float, push: Any, random: np.random.Generator) -> Any:
    if isinstance(space, gymnasium.spaces.Discrete):
        chosen, other = random.random() < excite, int(random.integers(space.n)) + int(space.start)
        return np.int64(other) if chosen else wanted
    half = 0.5 * (space.high - space.low)
    return np.clip(wanted + excite * half * push, space.low, space.high).astype(space.dtype)
