"""Contracts: each mismatch fires where it should, and is silent where it should be."""

import re
from pathlib import Path

import gymnasium
import numpy as np
import pytest

from headstart.core.errors import SimulationError
from headstart.sim.contract import SourceActions, compare, every_mismatch, mapping, signature
from headstart.sim.effects import every_effect
from headstart.sim.environment import EnvironmentId, open_environment
from headstart.sim.soundness import TITLES

MISMATCHES = {mismatch.code: mismatch for mismatch in every_mismatch()}
OTHER_SENSORS = every_effect()["other_sensors"]


class World(gymnasium.Env):
    """Two named sensors, two named forces; everything that a signature reads can be set."""

    time_step_s = 0.1
    observation_names = (("tilt", "rad"), ("speed", "m/s"))
    action_names = (("left motor", "N"), ("right motor", "N"))

    def __init__(self, *, reward=1.0, ends_at=None, **attributes):
        self.reward, self.ends_at = reward, ends_at
        for name, value in attributes.items():
            setattr(self, name, value)
        self.observation_space = self.box("observation", len(self.observation_names or (0, 0)), 5.0)
        self.action_space = self.box("action", len(self.action_names or (0, 0)), 1.0)

    def box(self, what, count, limit):
        limit = getattr(self, f"{what}_limit", limit)
        return gymnasium.spaces.Box(-limit, limit, (count,), np.float32)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.steps = 0
        return self.observation_space.sample(), {}

    def step(self, action):
        self.steps += 1
        return self.observation_space.sample(), self.reward, self.steps == self.ends_at, False, {}


class Choices(World):
    action_names = ("brake", "coast", "go")

    def __init__(self, **attributes):
        super().__init__(**attributes)
        self.action_space = gymnasium.spaces.Discrete(len(self.action_names or (0, 0)))


def read(env, name="env"):
    return signature(env, name)


def codes(source, target):
    return {finding.code for finding in compare(read(source, "a"), read(target, "b"))}


def limited(steps):
    return gymnasium.wrappers.TimeLimit(World(), steps)


def shuffled():
    return World(observation_names=(("speed", "m/s"), ("tilt", "rad")))


FIRES = [
    ("HS-C01", World(), shuffled()),
    ("HS-C02", World(), World(observation_names=(("tilt", "rad"),))),
    ("HS-C03", World(), World(observation_names=(("tilt", "rad"), ("speed", "m/s"), ("wind", "m/s")))),
    ("HS-C04", World(), World(observation_names=(("tilt", "deg"), ("speed", "m/s")))),
    ("HS-C04", World(), World(action_names=(("left motor", "kN"), ("right motor", "N")))),
    ("HS-C05", World(), Choices()),
    ("HS-C05", World(), World(observation_names=(("colour", ""), ("smell", "")))),
    ("HS-C05", World(), World(observation_names=(("tilt", "kg"), ("speed", "m/s")))),
    ("HS-C05", World(), World(observation_names=None, observation_space_size=3, observation_limit=5)),
    ("HS-C06", World(observation_names=None), World()),
    ("HS-C07", World(), World(action_names=(("right motor", "N"), ("left motor", "N")))),
    ("HS-C07", Choices(), Choices(action_names=("brake", "go"))),
    ("HS-C07", Choices(), Choices(action_names=("brake", "coast", "go", "hoot"))),
    ("HS-C08", World(), World(action_limit=2.0)),
    ("HS-C09", World(), World(time_step_s=0.05)),
    ("HS-C09", World(time_step_s=None, frame_skip=4), World(time_step_s=None, frame_skip=1)),
    ("HS-C10", World(), World(reward=10.0)),
    ("HS-C12", World(), World(ends_at=20)),
    ("HS-C13", World(), gymnasium.wrappers.NormalizeObservation(World())),
    ("HS-C14", World(), gymnasium.wrappers.ClipAction(World())),
    ("HS-C15", World(), World(observation_limit=50.0)),
]


@pytest.mark.parametrize(("code", "source", "target"), FIRES)
def test_a_mismatch_fires(code, source, target):
    if getattr(target, "observation_space_size", None):
        target.observation_space = gymnasium.spaces.Box(-5, 5, (3,))
    assert code in codes(source, target)


@pytest.mark.parametrize("code", sorted({code for code, *_ in FIRES} | {"HS-C11"}))
def test_a_mismatch_is_silent_on_an_environment_against_itself(code):
    assert code not in codes(World(), World())
    assert code not in codes(Choices(), Choices())


def test_every_mismatch_is_fired_here():
    assert {code for code, *_ in FIRES} | {"HS-C11"} == set(MISMATCHES)


def test_another_time_limit_is_said():
    def opened(steps):
        return open_environment(EnvironmentId.parse(f"Pendulum-v1?max_episode_steps={steps}"))

    assert codes(opened(200), opened(100)) == {"HS-C11"}
    assert codes(opened(200), opened(200)) == set()


def test_rewards_of_much_the_same_size_and_wider_limits_of_the_source_are_no_mismatch():
    assert codes(World(), World(reward=2.0)) == set()
    assert codes(World(observation_limit=50.0), World()) == set()


def test_units_of_numbers_without_names_are_not_judged():
    assert "HS-C04" not in codes(World(observation_names=None), World())


def test_names_are_matched_whatever_their_spelling():
    spelled = World(observation_names=(("Tilt", "rad"), ("SPEED", "m/s")))
    assert mapping(read(World()), read(spelled)).nothing_to_do


def test_the_same_unnamed_environment_with_other_parameters_is_mapped_without_a_word():
    plain = World(observation_names=None, action_names=None)
    one, two = read(plain, "X-v0?g=1"), read(plain, "X-v0?g=2")
    assert mapping(one, two).nothing_to_do
    assert compare(one, two) == ()


def test_a_mapping_says_where_everything_is():
    target = World(observation_names=(("wind", "m/s"), ("tilt", "deg")))
    found = mapping(read(World()), read(target))
    assert found.observations == (None, 0)
    assert found.observation_factors == pytest.approx((1.0, np.pi / 180))
    assert found.missing_observations == (1,)
    assert not found.nothing_to_do


def test_a_signature_is_plain_json_and_comes_back():
    one = signature(open_environment(EnvironmentId.parse("Hopper-v5")), "Hopper-v5")
    again = type(one).model_validate_json(one.model_dump_json())
    assert again == one
    assert (one.time_step_s, one.frame_skip, one.max_steps, one.terminates) == (0.008, 4, 1000, True)
    assert one.observations[0].unit == "m"
    assert one.actions_named


def test_the_same_seed_gives_the_same_signature():
    env = open_environment(EnvironmentId.parse("CartPole-v1"))
    assert signature(env, seed=3) == signature(env, seed=3)
    assert signature(env, seed=3) != signature(env, seed=4)


def test_a_list_of_no_fixed_length_has_no_signature():
    env = World()
    env.observation_space = gymnasium.spaces.Sequence(gymnasium.spaces.Discrete(3))
    with pytest.raises(SimulationError, match="no fixed row of numbers"):
        signature(env)


def test_sensors_in_other_order_units_and_number_are_seen_through():
    pendulum = open_environment(EnvironmentId.parse("Pendulum-v1"))
    other = OTHER_SENSORS(
        open_environment(EnvironmentId.parse("Pendulum-v1")),
        add=1,
        units={"rate of the pole": "deg/s"},
        shuffle=2,
    )
    found = mapping(read(pendulum), read(other))
    observation, _ = pendulum.reset(seed=0)
    told, _ = other.reset(seed=0)
    back = np.zeros(3)
    for value, index, times in zip(told, found.observations, found.observation_factors, strict=True):
        if index is not None:
            back[index] = value * times
    np.testing.assert_allclose(back, observation, atol=1e-6)


def test_actions_in_the_sources_limits_are_the_same_forces():
    source = World()
    target = World(action_limit=0.5, action_names=(("right motor", "N"), ("left motor", "kN")))
    one, two = read(source), read(target)
    env = SourceActions(target, one, mapping(one, two))
    np.testing.assert_allclose(env.action_space.high, [1.0, 0.001])
    np.testing.assert_allclose(env.action(np.array([0.8, 0.0004])), [0.5, 0.0004])


def test_choices_have_no_limits_to_act_in():
    one = read(Choices())
    with pytest.raises(SimulationError):
        SourceActions(Choices(), one, mapping(one, one))


def test_codes_are_of_one_form_unique_and_documented_with_their_titles():
    page = (Path(__file__).parents[2] / "docs" / "sim-contracts.md").read_text(encoding="utf-8")
    entries = {code: (one.severity, one.title) for code, one in MISMATCHES.items()}
    assert not set(entries) & set(TITLES)
    for code, (severity, title) in (entries | TITLES).items():
        assert re.fullmatch(r"HS-C\d\d", code)
        assert f"| {code} | {severity} | {title} |" in page


@pytest.mark.parametrize("code", MISMATCHES)
def test_a_finding_is_whole(code):
    for wanted, source, target in FIRES:
        if wanted == code:
            found = next((one for one in compare(read(source), read(target)) if one.code == code), None)
            if found is not None:
                assert found.detail.endswith(".")
                assert found.remedy.endswith(".")
