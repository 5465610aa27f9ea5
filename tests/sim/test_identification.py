"""The simulator is brought to the target from a few trajectories; what cannot be told is not claimed."""

import numpy as np
import pytest

from headstart.core.errors import SimulationError
from headstart.sim import identification
from headstart.sim.environment import EnvironmentId
from headstart.sim.identification import can_identify, identify
from headstart.sim.metered import Metered, metered
from headstart.sim.rollouts import transitions
from headstart.sim.simulation import Randomised, simulation


class AtRandom:
    def __init__(self, space):
        self.space = space
        space.seed(0)

    def act(self, observations):
        return np.array([self.space.sample() for _ in observations])


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(identification, "STRETCHES", 40)
    monkeypatch.setattr(identification, "FIRST_ROUNDS", 8)


def trajectories(env, n=2):
    return transitions(AtRandom(env.action_space), env, range(n))


def test_a_parameter_far_outside_the_training_range_and_a_delay_are_found(quick):
    seen = trajectories(metered(EnvironmentId.parse("pair:pendulum-late/target")))
    found = identify(EnvironmentId.parse("pair:pendulum-late/source"), seen, 0)
    assert found.delay == 2
    assert found.values["gravity"] == pytest.approx(14.0, rel=0.1)
    assert found.values["mass"] == pytest.approx(1.0, rel=0.1)
    assert found.unexplained < 0.01 < found.before


def test_what_cannot_be_told_apart_has_a_wide_interval(quick):
    seen = trajectories(metered(EnvironmentId.parse("pair:pendulum-late/target")))
    found = identify(EnvironmentId.parse("pair:pendulum-late/source"), seen, 0)
    gravity = found.intervals["gravity"]  # only gravity over length shows in how a pendulum moves
    assert gravity.high / gravity.low > 1.5
    assert gravity.contains(14.0)


def test_an_unchanged_world_is_found_unchanged(quick):
    seen = trajectories(metered(EnvironmentId.parse("pair:pendulum-late/source")))
    found = identify(EnvironmentId.parse("pair:pendulum-late/source"), seen, 0)
    assert found.delay == 0
    for name, value in found.values.items():
        assert value == pytest.approx(found.defaults[name], rel=0.05)


def test_a_simulator_whose_parameters_are_not_known_is_said():
    home = EnvironmentId.parse("MountainCarContinuous-v0")
    assert not can_identify(home)
    with pytest.raises(SimulationError, match="not known"):
        identify(home, [], 0)


def test_every_episode_of_a_randomised_world_is_another_and_a_seed_repeats_them():
    env = simulation(EnvironmentId.parse("Pendulum-v1"), {}, ranges={"gravity": (8.0, 14.0)}, delay=1)
    drawn = []
    for seed in (1, None, 1):
        env.reset(seed=seed)
        drawn.append(env.unwrapped.g)
    assert drawn[0] == drawn[2] != drawn[1]
    assert all(8.0 <= value <= 14.0 for value in drawn)
    assert isinstance(env.env, Randomised)


def test_a_changed_simulator_is_metered_like_any_other():
    env = Metered(
        simulation(EnvironmentId.parse("Pendulum-v1"), {"mass": 2.0}),
        ledger := metered(EnvironmentId.parse("Pendulum-v1")).ledger,
    )
    env.reset(seed=0)
    env.step(np.zeros(1, dtype=np.float32))
    assert (ledger.steps, env.unwrapped.m) == (1, 2.0)
