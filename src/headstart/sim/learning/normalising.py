"""Observations in running statistics' units, at the price of one environment's row a step."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray
from stable_baselines3.common.running_mean_std import RunningMeanStd
from stable_baselines3.common.vec_env import DummyVecEnv, VecNormalize

CLIP = 10.0  # normalised observations beyond this many standard deviations are cut


class RowStatistics(RunningMeanStd):
    """Running mean and variance that know a batch of one row: it is its own mean and has no variance."""

    def update(self, arr: NDArray[Any]) -> None:
        """Take in rows [n, …]."""
        if len(arr) == 1:
            self.update_from_moments(arr[0], np.zeros_like(arr[0]), 1)
        else:
            super().update(arr)


class Normalised(VecNormalize):
    """One environment whose observations are normalised; rewards stay, and no statistics of them are kept."""

    def __init__(self, env: gym.Env[Any, Any]) -> None:
        super().__init__(DummyVecEnv([lambda: env]), norm_reward=False, clip_obs=CLIP)
        self.statistics = RowStatistics(shape=self.observation_space.shape or ())
        self.obs_rms: Any = self.statistics

    def _update_reward(self, reward: NDArray[Any]) -> None:
        """Nothing is normalised by them."""
