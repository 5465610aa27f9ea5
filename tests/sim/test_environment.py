"""What the user typed becomes an environment, or one message that says why not."""

import pickle
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headstart.core.errors import MachineError, SimulationError
from headstart.sim.environment import EnvironmentId, open_environment

WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=300), min_size=1, max_size=12)


def opened(text, **options):
    with open_environment(EnvironmentId.parse(text, typed=True), **options) as env:
        return env


def test_parameters_keep_their_type_and_reach_the_environment():
    identity = EnvironmentId.parse("Pendulum-v1?g=14.0&render_mode=rgb_array")
    assert identity.kwargs == {"g": 14.0, "render_mode": "rgb_array"}
    env = open_environment(identity)
    assert (env.unwrapped.g, env.render_mode) == (14.0, "rgb_array")
    env.close()


@pytest.mark.parametrize(
    ("text", "value"),
    [("2", 2), ("-1e3", -1e3), ("true", True), ("False", False), ("none", "none"), ("[1,2]", [1, 2])],
)
def test_a_value_is_read_as_what_it_looks_like(text, value):
    found = EnvironmentId.parse(f"A-v0?x={text}").kwargs["x"]
    assert (found, type(found)) == (value, type(value))


@given(value=st.one_of(st.integers(), st.booleans(), st.floats(-1e9, 1e9), st.lists(st.integers()), WORDS))
def test_parameters_set_by_code_are_read_back_from_the_text(value):
    identity = EnvironmentId.parse("A-v0?y=1").having(x=value)
    assert EnvironmentId.parse(identity.text).kwargs["x"] == value


def test_an_identity_travels_to_another_process():
    identity = EnvironmentId.parse("Pendulum-v1?g=9")
    assert pickle.loads(pickle.dumps(identity)) == identity


@pytest.mark.parametrize(
    "text",
    ["", "Pendulum v1", "pair:x", "pair:x/middle", "a/../b:C-v0", "X-v0?g", "X-v0?g=1&g=2", "X-v0?1=2"],
)
def test_what_is_no_environment_is_refused_with_the_forms(text):
    with pytest.raises(SimulationError):
        EnvironmentId.parse(text, typed=True)


def test_a_module_is_imported_only_for_a_person():
    assert EnvironmentId.parse("tests.sim.broken:BrokenWalked-v0", typed=True).module == "tests.sim.broken"
    with pytest.raises(SimulationError, match="nobody typed it"):
        EnvironmentId.parse("tests.sim.broken:BrokenWalked-v0")


@pytest.mark.parametrize(
    ("text", "near"),
    [("Pendulun-v1", "Pendulum-v1"), ("Pendulum-v9", "Pendulum-v1"), ("CartPol-v1", "CartPole-v1")],
)
def test_an_unknown_environment_brings_near_names(text, near):
    with pytest.raises(SimulationError, match=near):
        opened(text)


def test_an_unknown_parameter_is_named():
    with pytest.raises(SimulationError, match="no parameter 'gravity'"):
        opened("Pendulum-v1?gravity=3")


def test_a_module_that_is_not_there_is_the_users_to_mend():
    with pytest.raises(SimulationError, match="no_such_module"):
        opened("no_such_module:X-v0")


def test_an_environment_whose_maker_fails_says_so():
    with pytest.raises(SimulationError, match="the port is taken"):
        opened("tests.sim.broken:BrokenUnmakeable-v0")


def test_a_render_mode_that_is_not_there_brings_those_that_are():
    with pytest.raises(SimulationError, match="rgb_array"):
        opened("Pendulum-v1", render_mode="holograph")


@pytest.mark.parametrize(
    ("missing", "text", "line"),
    [
        ("gymnasium", "Pendulum-v1", 'pip install "headstart[sim]"'),
        ("mujoco", "InvertedPendulum-v5", 'pip install "headstart[sim]"'),
        ("highway_env", "highway-fast-v0", 'pip install "headstart[sim]"'),
        ("minigrid", "MiniGrid-Empty-5x5-v0", 'pip install "headstart[sim]"'),
        ("ale_py", "ALE/Pong-v5", 'pip install "gymnasium[atari]"'),
    ],
)
def test_a_missing_package_brings_the_line_that_installs_it(missing, text, line, monkeypatch):
    if missing in ("highway_env", "minigrid"):
        import gymnasium

        monkeypatch.delitem(gymnasium.registry, text, raising=False)
    for name in [name for name in sys.modules if name.partition(".")[0] == missing or "envs.mujoco" in name]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MachineError, match=line.replace("[", r"\[")):
        opened(text)


def test_words_are_left_out_of_what_is_observed():
    env = open_environment(EnvironmentId.parse("MiniGrid-Empty-5x5-v0"))
    assert set(env.observation_space.spaces) == {"direction", "image"}
    observation, _ = env.reset(seed=0)
    assert env.observation_space.contains(observation)
    env.close()


def test_a_machine_that_cannot_draw_says_what_would_help(monkeypatch):
    from gymnasium.envs.mujoco import mujoco_rendering

    def no_driver(self, *sizes):
        raise RuntimeError("no graphics driver")

    monkeypatch.setattr(mujoco_rendering.MujocoRenderer, "render", no_driver)
    with pytest.raises(MachineError, match="MUJOCO_GL=egl"):
        opened("InvertedPendulum-v5", render_mode="rgb_array")


def test_nothing_is_written_where_the_user_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    opened("HalfCheetah-v5")
    assert list(tmp_path.iterdir()) == []
