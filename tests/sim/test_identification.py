"""The simulator is brought to the target from a few trajectories; what cannot be told is not claimed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headstart.core.errors import SimulationError
from headstart.core.estimate import Interval
from headstart.sim.effects import every_effect
from headstart.sim.environment import EnvironmentId
from headstart.sim.identification import Identification, Trajectory, can_identify, gather, identify
from headstart.sim.identification.directions import Alike
from headstart.sim.identification.scale import Scale
from headstart.sim.identification.uncertainty import likely_delays
from headstart.sim.metered import Ledger, Metered
from headstart.sim.simulation import Randomised, simulated, simulation
from headstart.sim.simulators.poles import POLE

PENDULUM = EnvironmentId.parse("Pendulum-v1")


class Resting:
    """A policy that does nothing by itself."""

    def __init__(self, space):
        self.space = space

    def act(self, observations):
        return np.zeros((len(observations), *self.space.shape), dtype=np.float32)


def trajectories(environment, *, n=4, noise=0.0, delay=0, excite=0.5, steps=60, **values):
    env = every_effect()["sensor_noise"](simulated(environment, **values), spread=noise)
    env = Metered(every_effect()["action_delay"](env, steps=delay), Ledger())
    return gather(Resting(env.action_space), env, range(n), excite=excite, steps=steps), env.ledger


@pytest.fixture(scope="module")
def trembling():
    seen, _ = trajectories(PENDULUM, noise=0.02, delay=2, mass=1.6, gravity=14.0)
    return seen, identify(seen, PENDULUM, seed=0, names=("mass", "gravity"), target="the real one")


def test_parameters_outside_the_training_range_are_found_under_noise_and_delay(trembling):
    _, found = trembling
    assert found.delay_steps == 2
    assert found.values == pytest.approx({"mass": 1.6, "gravity": 14.0}, rel=0.05)
    assert all(one.told and one.interval.low < one.value < one.interval.high for one in found.parameters)
    assert found.misfit < 0.2 * found.misfit_before


@pytest.mark.parametrize(
    ("before", "now", "doubted"), [(0.293, 0.294, True), (0.3, 0.02, False), (0.02, 0.02, False)]
)
def test_a_misfit_that_stays_is_said_to_be_no_matter_of_these_parameters(trembling, before, now, doubted):
    _, found = trembling
    assert not found.doubt
    other = found.model_copy(update={"misfit_before": before, "misfit": now})
    assert bool(other.doubt) == doubted
    assert other.doubt in str(other)


def test_what_it_cost_is_counted(trembling):
    seen, found = trembling
    assert (found.trajectories, found.target_steps) == (4, sum(one.steps for one in seen))
    assert found.simulated_steps > found.target_steps


def test_the_same_seed_gives_the_same_bytes(trembling):
    seen, found = trembling
    again = identify(seen, PENDULUM, seed=0, names=("mass", "gravity"), target="the real one")
    assert again.model_dump_json() == found.model_dump_json()
    assert Identification.model_validate_json(found.model_dump_json()) == found


def test_worlds_to_train_in_lie_around_what_was_found(trembling):
    _, found = trembling
    for one in found.parameters:
        low, high = found.ranges[one.name]
        assert low < one.value < high
        assert low <= one.interval.low
        assert one.interval.high <= high


def test_what_can_only_be_told_together_is_said_so_and_has_wide_intervals():
    seen, _ = trajectories(PENDULUM, gravity=14.0)
    found = identify(seen, PENDULUM, seed=0, longest_delay=0)
    assert found.alike == ("mass x k^2, length / k, gravity / k",)
    assert not any(one.told for one in found.parameters)
    for one in found.parameters:
        assert one.interval.high / one.interval.low > 2
        assert one.interval.contains({"gravity": 14.0}.get(one.name, 1.0))
    assert found.values["gravity"] / found.values["length"] == pytest.approx(14.0, rel=0.01)


def test_an_unchanged_world_is_found_unchanged():
    seen, _ = trajectories(PENDULUM)
    found = identify(seen, PENDULUM, seed=0, names=("mass", "gravity"))
    assert found.delay_steps == 0
    assert found.values == pytest.approx({"mass": 1.0, "gravity": 10.0}, rel=1e-3)


def test_a_mujoco_robot_is_identified_in_batches():
    home = EnvironmentId.parse("InvertedPendulum-v5")
    seen, _ = trajectories(home, n=6, excite=0.2, load=2.0, strength=0.6)
    found = identify(seen, home, seed=0, names=("load", "strength"), longest_delay=1)
    assert found.values == pytest.approx({"load": 2.0, "strength": 0.6}, rel=0.02)


def test_gathering_counts_every_step_and_a_seed_repeats_it():
    (one, _), ledger = trajectories(PENDULUM, n=2, steps=30)
    (again, _), _ = trajectories(PENDULUM, n=2, steps=30)
    assert ledger.steps == 60
    assert one.observations.shape == (31, 3)
    assert np.array_equal(one.actions, again.actions)
    assert np.abs(one.actions).max() > 0


def test_a_simulator_whose_parameters_are_not_known_is_said():
    home = EnvironmentId.parse("MountainCarContinuous-v0")
    assert not can_identify(home)
    with pytest.raises(SimulationError, match="no parameter of it is known"):
        identify([], home, seed=0)


def test_an_unknown_parameter_and_trajectories_that_are_too_short_are_said():
    seen, _ = trajectories(PENDULUM, n=1, steps=3)
    with pytest.raises(SimulationError, match="no parameter 'colour'"):
        identify(seen, PENDULUM, seed=0, names=("colour",))
    with pytest.raises(SimulationError, match="long enough"):
        identify(seen, PENDULUM, seed=0)


def test_an_episode_of_another_kind_is_cut_to_a_trajectory():
    episode = {"observations": np.zeros((201, 3)), "actions": np.zeros((200, 1)), "rewards": np.zeros(200)}
    assert Trajectory.of(episode, steps=50).steps == 50


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
@settings(max_examples=50, deadline=None)
def test_a_place_of_the_search_and_its_values_belong_together(place):
    scale = Scale(tuple(POLE.parameters), POLE.parameters)
    values = scale.values(place)
    POLE.check(values)
    assert scale.place(values) == pytest.approx(place, abs=1e-9)


def test_a_delay_that_some_trajectories_speak_for_stays_possible():
    random = np.random.default_rng(0)
    assert likely_delays({0: np.array([-9.0] * 5), 1: np.array([0.0] * 5)}, random) == (1, 1, 1)
    assert likely_delays({0: np.array([-9, 0, -9, 0, 0.0]), 1: np.array([0, -9, 0, -9, 0.0])}, random)[
        1:
    ] == (0, 1)


def test_a_direction_reads_as_factors():
    assert str(Alike((("damping", 1.0), ("strength", 1.0)), np.ones(2))) == "damping x k, strength x k"


def test_every_episode_of_a_randomised_world_is_another_and_a_seed_repeats_them():
    env = simulation(PENDULUM, {}, ranges={"gravity": (8.0, 14.0)}, delay=1)
    drawn = []
    for seed in (1, None, 1):
        env.reset(seed=seed)
        drawn.append(env.unwrapped.g)
    assert drawn[0] == drawn[2] != drawn[1]
    assert all(8.0 <= value <= 14.0 for value in drawn)
    assert isinstance(env.env, Randomised)


def test_a_changed_simulator_is_metered_like_any_other():
    env = Metered(simulation(PENDULUM, {"mass": 2.0}), Ledger())
    env.reset(seed=0)
    env.step(np.zeros(1, dtype=np.float32))
    assert (env.ledger.steps, env.unwrapped.m) == (1, 2.0)


def test_an_interval_that_tells_nothing_is_not_shown_as_a_finding():
    seen, _ = trajectories(PENDULUM, n=1, steps=12, excite=0.0)
    found = identify(seen, PENDULUM, seed=0, names=("mass",), longest_delay=0)  # nobody pushed: no mass shows
    (mass,) = found.parameters
    assert not mass.told
    assert (
        mass.interval == Interval(0.2, 3.0, mass.interval.level) or mass.interval.high > 2 * mass.interval.low
    )
    assert "not told by these trajectories: mass" in str(found)
