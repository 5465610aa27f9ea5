"""Returns of a policy: whole episodes under fixed seeds, the same for every policy that is compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from headstart.core.seeds import derive
from headstart.sim.metered import Metered


class Acting(Protocol):
    """Anything that answers observations with actions."""

    def act(self, observations: NDArray[Any]) -> NDArray[Any]:
        """Actions [n, …] for observations [n, obs]."""
        ...


@dataclass(frozen=True, slots=True)
class Rollouts:
    """Episode by episode: returns, steps, safety limits broken."""

    returns: tuple[float, ...]
    lengths: tuple[int, ...]
    violations: tuple[float, ...]

    @property
    def steps(self) -> int:
        """Environment steps that it cost."""
        return sum(self.lengths)


def episode_seeds(seed: int, purpose: str, n: int) -> tuple[int, ...]:
    """Seeds of n episodes for one purpose; purposes share none."""
    return tuple(derive(seed, "episode", purpose, index) for index in range(n))


def roll_out(policy: Acting, env: Metered, seeds: Sequence[int]) -> Rollouts:
    """One whole episode for each seed.

    Raises:
        SimulationError: the environment failed, see `Metered`.
    """
    begun = len(env.finished)
    for seed in seeds:
        observation, _ = env.reset(seed=seed)
        over = False
        while not over:
            action = policy.act(observation[None])[0]
            observation, _, terminated, truncated, _ = env.step(action)
            over = terminated or truncated
    own = env.finished[begun:]
    return Rollouts(*(tuple(part) for part in zip(*own, strict=True))) if own else Rollouts((), (), ())


def transitions(policy: Acting, env: Metered, seeds: Sequence[int]) -> list[dict[str, NDArray[Any]]]:
    """Whole episodes as arrays: `observations` [t + 1, obs], `actions` [t, …], `rewards` [t]."""
    episodes = []
    for seed in seeds:
        observation, _ = env.reset(seed=seed)
        seen, acts, rewards, over = [observation], [], [], False
        while not over:
            action = policy.act(observation[None])[0]
            observation, reward, terminated, truncated, _ = env.step(action)
            seen.append(observation)
            acts.append(action)
            rewards.append(reward)
            over = terminated or truncated
        episodes.append(
            {"observations": np.array(seen), "actions": np.array(acts), "rewards": np.array(rewards)}
        )
    return episodes
