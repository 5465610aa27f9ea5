"""Surgery on all that a source knows: on the shared part it acts, and values, as before."""

import numpy as np
import pytest

from headstart.sim.contract import Mapping
from headstart.sim.environment import EnvironmentId
from headstart.sim.learning.knowledge import Knowledge
from headstart.sim.learning.learner import Learner
from headstart.sim.learning.networks import critic_arrays, load_critic
from headstart.sim.learning.refitting import refitted
from headstart.sim.learning.replay import taken
from headstart.sim.learning.settings import LearnerSettings
from headstart.sim.metered import metered

SAC = LearnerSettings(family="sac", hidden=(8, 8), batch=8, starts=10, every=5)
DQN = LearnerSettings(family="dqn", hidden=(8,), batch=8, starts=10, every=5)


def known(text, settings):
    made = Learner(metered(EnvironmentId.parse(text)), settings, 0, steps=40, name=text)
    made.learn(40, lambda: False)
    return Knowledge(made.policy(), settings, critic_arrays(made.model), taken(made.replay)), made


def mapping(order, actions, sources, factors=None):
    return Mapping(
        observations=order,
        observation_factors=factors or (1.0,) * len(order),
        actions=actions,
        action_factors=(1.0,) * len(actions),
        source_observations=sources[0],
        source_actions=sources[1],
    )


def box(n):
    return {"type": "box", "low": [None] * n, "high": [None] * n}


@pytest.mark.parametrize(
    "order", [(2, 0, 1), (0, 1, 2, None), (None, 2, 0, None, 1)], ids=["permuted", "added", "both"]
)
def test_permuted_and_added_observations_leave_the_actions_as_they_were(order):
    source, _ = known("Pendulum-v1", SAC)
    acts = source.policy.record.action_space
    moved = refitted(source, mapping(order, (0,), (3, 1)), box(len(order)), acts)
    seen = np.random.default_rng(0).normal(size=(50, 3))
    there = np.random.default_rng(1).normal(size=(50, len(order)))
    for at, index in enumerate(order):
        if index is not None:
            there[:, at] = seen[:, index]
    assert np.abs(moved.policy.act(there) - source.policy.act(seen)).max() < 1e-6


def test_an_observation_that_is_dropped_is_taken_as_it_was_on_average():
    source, _ = known("Pendulum-v1", SAC)
    moved = refitted(source, mapping((0, 1), (0,), (3, 1)), box(2), source.policy.record.action_space)
    seen = np.random.default_rng(0).normal(size=(50, 3))
    seen[:, 2] = source.policy.arrays["norm.mean"][2]
    assert np.abs(moved.policy.act(seen[:, :2]) - source.policy.act(seen)).max() < 1e-5
    assert (moved.replay["observations"] == source.replay["observations"][:, :2]).all()


def test_other_units_are_taken_out():
    source, _ = known("Pendulum-v1", SAC)
    degrees = (1.0, 1.0, np.pi / 180)
    moved = refitted(
        source, mapping((0, 1, 2), (0,), (3, 1), degrees), box(3), source.policy.record.action_space
    )
    seen = np.random.default_rng(0).normal(size=(50, 3))
    there = seen / np.array(degrees)
    assert np.abs(moved.policy.act(there) - source.policy.act(seen)).max() < 1e-5


def test_choices_in_another_order_are_chosen_alike():
    source, _ = known("CartPole-v1", DQN)
    moved = refitted(
        source, mapping((3, 2, 1, 0), (1, 0), (4, 2)), box(4), {"type": "discrete", "n": 2, "start": 0}
    )
    seen = np.random.default_rng(0).normal(size=(50, 4))
    assert (moved.policy.act(seen[:, ::-1]) == 1 - source.policy.act(seen)).all()


def test_a_refitted_critic_fits_a_learner_and_values_as_before():
    import torch

    source, made = known("Pendulum-v1", SAC)
    moved = refitted(source, mapping((2, 0, 1), (0,), (3, 1)), box(3), source.policy.record.action_space)
    fresh = Learner(metered(EnvironmentId.parse("Pendulum-v1")), SAC, 1, steps=40, name="Pendulum-v1")
    assert load_critic(fresh.model, moved.critic)
    seen, act = torch.randn(20, 3), torch.rand(20, 1)
    ours = fresh.model.critic(seen[:, [2, 0, 1]], act)[0]
    assert torch.allclose(ours, made.model.critic(seen, act)[0], atol=1e-5)


def test_experience_goes_along_in_the_targets_order():
    source, _ = known("Pendulum-v1", SAC)
    moved = refitted(source, mapping((2, 0, 1), (0,), (3, 1)), box(3), source.policy.record.action_space)
    assert (moved.replay["observations"] == source.replay["observations"][:, [2, 0, 1]]).all()


def test_experience_with_numbers_that_the_source_never_saw_is_left_behind():
    source, _ = known("Pendulum-v1", SAC)
    acts = source.policy.record.action_space
    assert refitted(source, mapping((0, 1, 2, None), (0,), (3, 1)), box(4), acts).replay == {}
