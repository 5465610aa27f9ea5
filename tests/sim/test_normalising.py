"""Observations are normalised as the learner's library does it, row by row, for less."""

import gymnasium as gym
import numpy as np
import pytest
from stable_baselines3.common.running_mean_std import RunningMeanStd
from stable_baselines3.common.vec_env import DummyVecEnv, VecNormalize

from headstart.sim.learning.normalising import CLIP, Normalised, RowStatistics


@pytest.mark.parametrize("n", [1, 3])
def test_rows_are_counted_as_the_library_counts_them(n):
    ours, theirs = RowStatistics(shape=(4,)), RunningMeanStd(shape=(4,))
    for rows in np.random.default_rng(0).normal(2.0, 3.0, size=(50, n, 4)).astype(np.float32):
        ours.update(rows)
        theirs.update(rows)
    assert (ours.mean == theirs.mean).all()
    assert (ours.var == theirs.var).all()
    assert ours.count == theirs.count


def test_an_environment_looks_the_same_through_both():
    plain = VecNormalize(DummyVecEnv([lambda: gym.make("Pendulum-v1")]), norm_reward=False, clip_obs=CLIP)
    for venv in (ours := Normalised(gym.make("Pendulum-v1")), plain):
        venv.seed(0)
    assert (ours.reset() == plain.reset()).all()
    for _ in range(210):  # past the end of an episode
        action = np.array([[0.5]], dtype=np.float32)
        for mine, its in zip(ours.step(action)[:3], plain.step(action)[:3], strict=True):
            assert (mine == its).all()
