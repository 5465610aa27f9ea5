"""What holds for every built-in pair, whichever it is."""

import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from headstart.core.errors import SimulationError
from headstart.sim.effects import every_effect
from headstart.sim.environment import EnvironmentId, open_environment
from headstart.sim.pairs import open_pair, pairs
from headstart.sim.soundness import soundness

PAIRS = {pair.name: pair for pair in pairs()}
SIDES = [(name, side) for name in PAIRS for side in ("source", "target")]
STEPS = 60


def walked(env, seed=0):
    env.action_space.seed(seed)
    rows = [np.append(env.reset(seed=seed)[0], 0.0)]
    for _ in range(STEPS):
        observation, reward, terminated, truncated, info = env.step(env.action_space.sample())
        assert info["violation"] in (0, 1)
        rows.append(np.append(observation, reward))
        if terminated or truncated:
            env.reset()
    env.close()
    return np.array(rows)


def test_the_suite_is_as_wide_as_promised():
    families = Counter(pair.family for pair in PAIRS.values())
    assert families["robot"] >= 4
    assert families["driving"] >= 2
    assert families["game"] >= 2
    for family in families:
        distances = {pair.distance for pair in PAIRS.values() if pair.family == family}
        assert distances == {"near", "far"}


@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_says_why_in_one_line(name):
    pair = PAIRS[name]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", name)
    assert pair.reason.endswith(".")
    assert len(pair.reason) < 110
    assert "\n" not in pair.reason
    assert pair.simulator.limit


@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_is_documented(name):
    pair = PAIRS[name]
    page = (Path(__file__).parents[2] / "docs" / "sim-pairs.md").read_text(encoding="utf-8")
    assert f"| {name} | {pair.distance} | {pair.reason} |" in page


@pytest.mark.parametrize("name", PAIRS)
def test_a_target_lies_outside_what_its_source_is_trained_in(name):
    pair = PAIRS[name]
    assert pair.target or pair.effects
    assert pair.effects or pair.hidden, "a target has an effect that nobody modelled"
    for parameter, value in pair.target.items():
        trained = pair.parameters[parameter]
        assert not trained.low <= value <= trained.high


@pytest.mark.parametrize("name", PAIRS)
def test_parameters_have_a_range_around_their_default(name):
    for one in PAIRS[name].parameters.values():
        assert one.least <= one.low <= one.default <= one.high <= one.most
        assert one.low < one.high
        assert one.what


@pytest.mark.parametrize("name", PAIRS)
def test_the_default_of_every_parameter_is_the_environment_as_it_is(name):
    from headstart.sim.making import make

    bare = make(PAIRS[name].simulator.gym_id)
    bare.action_space.seed(0)
    plain, over = [bare.reset(seed=0)[0]], False
    while not over and len(plain) < 10:
        observation, _, over, *_ = bare.step(bare.action_space.sample())
        plain.append(observation)
    seen = walked(open_pair(name, "source"))[: len(plain), :-1]
    np.testing.assert_allclose(seen, np.array(plain), atol=1e-6)


@pytest.mark.parametrize(("name", "side"), SIDES)
def test_a_side_is_sound(name, side):
    assert soundness(EnvironmentId.parse(f"pair:{name}/{side}"), 0) == ()


@pytest.mark.parametrize("name", PAIRS)
def test_the_two_sides_differ_and_each_repeats_itself(name):
    source, target = walked(open_pair(name, "source")), walked(open_pair(name, "target"))
    np.testing.assert_array_equal(target, walked(open_pair(name, "target")))
    assert source.shape != target.shape or not np.allclose(source, target, atol=1e-4)


@pytest.mark.parametrize("name", PAIRS)
def test_a_parameter_reaches_the_simulation(name):
    for parameter, one in PAIRS[name].parameters.items():
        low = walked(open_pair(name, "source", **{parameter: one.least + 0.1 * (one.most - one.least)}))
        high = walked(open_pair(name, "source", **{parameter: one.most}))
        assert not np.allclose(low, high, atol=1e-7), parameter


@pytest.mark.parametrize("name", PAIRS)
def test_parameters_can_be_put_back(name):
    env = open_pair(name, "source")
    before = dict(env.get_wrapper_attr("parameter_values"))
    put = env.get_wrapper_attr("set_parameters")
    put(**{parameter: one.high for parameter, one in PAIRS[name].parameters.items()})
    put(**before)
    np.testing.assert_allclose(walked(env), walked(open_pair(name, "source")), atol=1e-9)


@pytest.mark.parametrize("name", PAIRS)
def test_effects_of_a_pair_are_known(name):
    assert {effect for effect, _ in PAIRS[name].effects} <= set(every_effect())


def test_a_pair_that_is_not_there_brings_near_names():
    with pytest.raises(SimulationError, match="pendulum-heavy"):
        open_pair("pendulum-heavyy", "source")


@pytest.mark.parametrize(
    ("text", "match"), [("?mas=2", "mass"), ("?mass=99", "0.2 to 3 kg"), ("?mass=x", "0.2 to 3")]
)
def test_a_parameter_out_of_bounds_is_refused(text, match):
    with pytest.raises(SimulationError, match=match):
        open_environment(EnvironmentId.parse("pair:pendulum-heavy/source" + text))


def test_the_text_of_a_pair_carries_parameters():
    with open_environment(EnvironmentId.parse("pair:pendulum-heavy/target?mass=1.5")) as env:
        assert env.unwrapped.m == 1.5


def test_a_broken_limit_is_told():
    env = open_pair("pendulum-heavy", "source", gravity=25.0)
    env.reset(seed=0)
    told = [env.step(np.array([2.0], np.float32))[-1]["violation"] for _ in range(100)]
    assert set(told) == {0, 1}
