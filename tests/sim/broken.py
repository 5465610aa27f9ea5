"""Environments that are broken, each in one way; registered when this module is imported."""

import itertools

import gymnasium
import numpy as np

GLOBAL = itertools.count()


class Walked(gymnasium.Env):
    """Counts its steps; ends after ten."""

    observation_space = gymnasium.spaces.Box(-1e5, 1e5, (1,), np.float64)
    action_space = gymnasium.spaces.Discrete(2)
    ends_at = 10

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.steps = 0
        return self.observed(), {}

    def step(self, action):
        self.steps += 1
        return self.observed(), 1.0, self.steps >= self.ends_at, False, {}

    def observed(self):
        return np.array([float(self.steps)])


class Raises(Walked):
    def observed(self):
        return super().observed() if self.steps < 3 else 1 / 0


class NotANumber(Walked):
    def observed(self):
        return super().observed() if self.steps < 4 else np.array([np.nan])


class Endless(Walked):
    ends_at = 10**9


class Moody(Walked):
    """Draws from what the whole process shares."""

    def observed(self):
        return np.array([float(next(GLOBAL) % 1000)])


class Outside(Walked):
    def observed(self):
        return super().observed() * 1e6


class Unmakeable(Walked):
    def __init__(self):
        raise OSError("the port is taken")


for _kind in (Walked, Raises, NotANumber, Endless, Moody, Outside, Unmakeable):
    if f"Broken{_kind.__name__}-v0" not in gymnasium.registry:
        gymnasium.register(f"Broken{_kind.__name__}-v0", entry_point=_kind)
