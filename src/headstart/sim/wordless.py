"""Observations without their words: a mission in plain English is nothing that a small policy reads."""

from __future__ import annotations

from typing import Any

import gymnasium


class Wordless(gymnasium.ObservationWrapper[Any, Any, Any]):
    """Leaves out the parts of a Dict observation that are no numbers (MiniGrid's ``mission``)."""

    def __init__(self, env: gymnasium.Env[Any, Any], kept: dict[str, gymnasium.Space[Any]]) -> None:
        super().__init__(env)
        self._kept = tuple(kept)
        self.observation_space = gymnasium.spaces.Dict(kept)

    def observation(self, observation: Any) -> Any:
        """The numbers alone."""
        return {name: observation[name] for name in self._kept}


def wordless(env: gymnasium.Env[Any, Any]) -> gymnasium.Env[Any, Any]:
    """The environment itself, or around it what leaves words out, if something else remains.

    >>> wordless(gymnasium.make("CartPole-v1")).observation_space.shape
    (4,)
    """
    space = env.observation_space
    if not isinstance(space, gymnasium.spaces.Dict):
        return env
    kept = {name: part for name, part in space.items() if has_numbers(part)}
    return env if not kept or len(kept) == len(space) else Wordless(env, kept)


def has_numbers(space: gymnasium.Space[Any]) -> bool:
    """Whether an observation is a fixed row of numbers when it is laid out flat.

    >>> has_numbers(gymnasium.spaces.Discrete(2)), has_numbers(gymnasium.spaces.Text(5))
    (True, False)
    """
    if isinstance(space, gymnasium.spaces.Text):
        return False
    try:
        return space.is_np_flattenable and isinstance(
            gymnasium.spaces.flatten_space(space), gymnasium.spaces.Box
        )
    except NotImplementedError:  # a kind of space that a package made up, such as MiniGrid's missions
        return False
