"""A simulator that is restarted from an observation goes on as the real episode went on."""

import numpy as np
import pytest

from headstart.core.seeds import generator
from headstart.sim.environment import EnvironmentId
from headstart.sim.identification.restarts import restart_for
from headstart.sim.identification.trajectory import Trajectory
from headstart.sim.identification.windows import cut
from headstart.sim.simulation import simulated

WHOLE = (
    "Pendulum-v1",
    "CartPole-v1",
    "InvertedPendulum-v5",
    "InvertedDoublePendulum-v5",
    "Reacher-v5",
    "Hopper-v5",
    "HalfCheetah-v5",
    "Swimmer-v5",
    "headstart/LaneKeeping-v0",
    "headstart/Paddle-v0",
)


def walked(env, steps=25):
    random = generator(0, "walk")
    observation, _ = env.reset(seed=3)
    seen, done = [observation], []
    for _ in range(steps):
        if hasattr(env.action_space, "n"):
            action = np.int64(random.integers(env.action_space.n))
        else:
            half = 0.15 * (env.action_space.high - env.action_space.low)
            action = np.float32(half * random.standard_normal(half.shape))
        observation, _, terminated, _, _ = env.step(action)
        seen.append(observation)
        done.append(action)
        if terminated:
            break
    return Trajectory(np.array(seen, dtype=np.float32), np.array(done))


@pytest.mark.parametrize("gym_id", WHOLE)
def test_a_restarted_simulator_follows_the_episode(gym_id):
    env = simulated(EnvironmentId.parse(gym_id))
    trajectory = walked(env)
    restart = restart_for(env)
    windows = cut([trajectory], restart, 4)
    reached = restart.run(windows.start, windows.actions, windows.context)
    apart = restart.apart(windows.seen, reached)[windows.valid]
    assert np.abs(apart).max() < 0.02 * windows.spread.max()
    assert np.median(np.abs(apart)) < 1e-4


@pytest.mark.parametrize("gym_id", WHOLE)
def test_a_late_action_is_told_by_the_windows(gym_id):
    env = simulated(EnvironmentId.parse(gym_id))
    trajectory = walked(env)
    restart = restart_for(env)
    right, wrong = (cut([trajectory], restart, 4, delay=delay, longest_delay=1) for delay in (0, 1))
    assert np.array_equal(right.seen, wrong.seen)
    gaps = [
        np.abs(restart.apart(one.seen, restart.run(one.start, one.actions, one.context))[one.valid]).mean()
        for one in (right, wrong)
    ]
    assert gaps[0] < 0.1 * gaps[1]


def test_an_angle_comes_round():
    restart = restart_for(simulated(EnvironmentId.parse("Pendulum-v1")))
    apart = restart.apart(np.array([[3.1, 0.0]]), np.array([[-3.1, 0.0]]))
    assert apart[0, 0] == pytest.approx(6.2 - 2 * np.pi)


def test_a_window_cut_short_by_the_end_of_an_episode_is_marked():
    env = simulated(EnvironmentId.parse("Pendulum-v1"))
    windows = cut([walked(env, steps=7)], restart_for(env), 5)
    assert windows.valid.tolist() == [[True] * 5, [True, True, False, False, False]]
