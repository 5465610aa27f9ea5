"""Every effect does what it says, does nothing where it is told to, and repeats itself under a seed."""

import gymnasium
import numpy as np
import pytest

from headstart.core.errors import SimulationError
from headstart.sim.effects import every_effect
from headstart.sim.environment import EnvironmentId, open_environment

EFFECTS = every_effect()
STRONG = {
    "action_delay": {"steps": 3},
    "backlash": {"gap": 0.5},
    "friction": {"torque": 1.0},
    "other_sensors": {"add": 2, "shuffle": 1},
    "payload": {"mass_kg": 2.0, "body": "pole"},
    "sensor_noise": {"spread": 0.1, "bias": 0.2},
    "slip": {"share": 0.5},
    "worn_actuator": {"gain": 0.5, "dead_zone": 0.2},
}


def robot():
    return open_environment(EnvironmentId.parse("InvertedPendulum-v5?reset_noise_scale=0.1"))


def walked(env, seed=0, steps=60, scale=0.1):
    """Observations and rewards of one episode after another under gentle random actions."""
    random = np.random.default_rng(seed)
    seen = [env.reset(seed=seed)[0]]
    space = env.action_space
    for _ in range(steps):
        action = (random.uniform(space.low, space.high) * scale).astype(space.dtype)
        observation, _, terminated, truncated, _ = env.step(action)
        assert env.observation_space.contains(observation)
        seen.append(observation)
        if terminated or truncated:
            seen.append(env.reset()[0])
    return np.array(seen)


def test_every_effect_is_tried_here():
    assert set(STRONG) == set(EFFECTS)


@pytest.mark.parametrize("name", STRONG)
def test_an_effect_changes_what_is_seen(name):
    plain, changed = walked(robot()), walked(EFFECTS[name](robot(), **STRONG[name]))
    assert plain.shape != changed.shape or not np.allclose(plain, changed)


@pytest.mark.parametrize("name", STRONG)
def test_an_effect_of_no_size_changes_nothing(name):
    np.testing.assert_array_equal(walked(robot()), walked(EFFECTS[name](robot(), **EFFECTS[name].neutral)))


@pytest.mark.parametrize("name", STRONG)
def test_the_same_seed_gives_the_same_walk(name):
    env = EFFECTS[name](robot(), **STRONG[name])
    once, other = walked(env), walked(env, seed=1)
    np.testing.assert_array_equal(once, walked(env))
    np.testing.assert_array_equal(once, walked(EFFECTS[name](robot(), **STRONG[name])))
    assert not np.array_equal(once, other)


class Echo(gymnasium.Env):
    """Shows the action that it was given."""

    observation_space = gymnasium.spaces.Box(-10, 10, (2,))
    observation_names = (("tilt", "rad"), ("speed", "m/s"))
    action_space = gymnasium.spaces.Box(-1, 1, (2,))

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return np.zeros(2, np.float32), {}

    def step(self, action):
        assert self.action_space.contains(action)
        return np.float32(action), 0.0, False, False, {}


def echoed(name, actions, **settings):
    env = EFFECTS[name](Echo(), **settings)
    env.reset(seed=0)
    return [env.step(np.full(2, action, np.float32))[0][0] for action in actions]


def test_a_delay_of_two_steps_is_two_steps():
    assert echoed("action_delay", [0.5, -0.5, 1.0, 0.25], steps=2) == [0, 0, 0.5, -0.5]


def test_a_delay_begins_anew_with_every_episode():
    env = EFFECTS["action_delay"](Echo(), steps=1)
    for _ in range(2):
        env.reset()
        assert env.step(np.ones(2, np.float32))[0][0] == 0


def test_gears_with_play_follow_only_beyond_the_gap():
    moved = echoed("backlash", [0.2, 0.5, 0.4, 0.1, -0.5], gap=0.4)
    np.testing.assert_allclose(moved, [0, 0.3, 0.3, 0.3, -0.3], atol=1e-6)


def test_a_worn_motor_is_deaf_to_little_and_weak_on_much():
    np.testing.assert_allclose(
        echoed("worn_actuator", [0.05, 0.5, -1], gain=0.5, dead_zone=0.1), [0, 0.25, -0.5]
    )


def test_a_biased_sensor_is_off_by_its_bias_and_a_trembling_one_by_its_spread():
    np.testing.assert_allclose(echoed("sensor_noise", [0, 1], bias=(0.5, 0)), [0.5, 1.5])
    assert np.std(echoed("sensor_noise", np.zeros(500), spread=0.2)) == pytest.approx(0.2, rel=0.1)


def test_half_of_the_steps_slip():
    followed = np.mean(np.array(echoed("slip", [0.125] * 400, share=0.5)) == 0.125)
    assert followed == pytest.approx(0.5, abs=0.1)


def test_friction_brings_a_pendulum_to_rest():
    def swing(torque):
        env = EFFECTS["friction"](open_environment(EnvironmentId.parse("Pendulum-v1")), torque=torque)
        env.reset(seed=3)
        return [env.step(np.zeros(1, np.float32))[0][2] for _ in range(200)]

    assert np.abs(swing(0.5)[-40:]).max() < 0.5 < np.abs(swing(0.0)[-40:]).max()


def test_other_sensors_say_what_is_left_and_in_which_unit():
    env = EFFECTS["other_sensors"](
        Echo(), drop=["speed"], add=1, units={"tilt": "deg"}, rename={"tilt": "angle"}, shuffle=3
    )
    assert {name.name for name in env.observation_names} == {"angle", "new sensor 0"}
    at = [name.name for name in env.observation_names].index("angle")
    env.reset(seed=0)
    assert env.step(np.ones(2, np.float32))[0][at] == pytest.approx(180 / np.pi)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("other_sensors", {"drop": ["smell"]}),
        ("other_sensors", {"units": {"tilt": "kg"}}),
        ("friction", {"torque": 1}),
        ("payload", {"mass_kg": 1}),
        ("sensor_noise", {"spread": (1, 2, 3)}),
    ],
)
def test_an_effect_that_does_not_fit_says_so(name, settings):
    with pytest.raises(SimulationError):
        EFFECTS[name](Echo(), **settings)


def test_a_choice_has_no_gain():
    with pytest.raises(SimulationError, match="one row of numbers"):
        EFFECTS["worn_actuator"](open_environment(EnvironmentId.parse("CartPole-v1")), gain=0.5)
