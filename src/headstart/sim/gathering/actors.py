"""Who may act without having learned: chance, a list of actions, and simple rules by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import SimulationError
from headstart.core.seeds import generator
from headstart.sim import spaces
from headstart.sim.environment import EnvironmentId
from headstart.sim.gathering.rules import RULES
from headstart.sim.gathering.walking import Actor, Left
from headstart.sim.metered import Metered


class ByChance:
    """Uniform actions inside the limits (standard normal where there is none), under the episode's seed."""

    def __init__(self, space: dict[str, Any], seed: int) -> None:
        self.space, self.random = space, generator(seed, "random actions")

    def act(self, observations: NDArray[Any]) -> NDArray[Any]:
        """An action for each observation."""
        n, space = len(observations), self.space
        if space["type"] == "discrete":
            return self.random.integers(space["start"], space["start"] + space["n"], n)
        between = [
            self.random.normal(size=n) if low is None or high is None else self.random.uniform(low, high, n)
            for low, high in zip(space["low"], space["high"], strict=True)
        ]
        return np.stack(between, axis=1).astype(np.float32)


class ByScript:
    """A list of actions, one after the other; leaves when it is through."""

    def __init__(self, actions: Sequence[Any]) -> None:
        self.actions, self.at = actions, 0

    def act(self, observations: NDArray[Any]) -> NDArray[Any]:
        """The next action.

        Raises:
            Left: there is none.
        """
        if self.at >= len(self.actions):
            raise Left
        self.at += 1
        return np.asarray(self.actions[self.at - 1])[None]


class ByRule:
    """A rule written by hand: a function from one observation to one action."""

    def __init__(self, rule: Callable[[NDArray[Any]], Any]) -> None:
        self.rule = rule

    def act(self, observations: NDArray[Any]) -> NDArray[Any]:
        """What the rule says."""
        return np.array([self.rule(one) for one in observations])


def by_chance(env: Metered) -> Actor:
    """Random actions, the same in every episode of the same seed."""
    space = spaces.to_json(env.action_space)
    return lambda seed: ByChance(space, seed)


def by_rule(environment: EnvironmentId) -> Actor:
    """The rule that is known for an environment.

    Raises:
        SimulationError: none is known.
    """
    name = gym_id(environment)
    if name not in RULES:
        raise SimulationError(
            "no rule by hand is known for it",
            where=environment.text,
            expected=f"one of {', '.join(sorted(RULES))}",
            remedy="Give a list of actions with --script FILE, a policy, or 'random'.",
        )
    return lambda seed: ByRule(RULES[name])


def gym_id(environment: EnvironmentId) -> str:
    """What Gymnasium calls the environment, that of a pair as well."""
    if environment.side is None:
        return environment.gym_id
    from headstart.sim.pairs.pair import find

    return find(environment.gym_id).simulator.gym_id
