"""A clone acts as its demonstrator did, and says when there was nothing to learn."""

import numpy as np
import pytest

from headstart.core.errors import DataError
from headstart.sim.environment import EnvironmentId
from headstart.sim.gathering.cloning import clone, examples_of
from headstart.sim.gathering.imitating import fit
from headstart.sim.metered import metered
from headstart.sim.policy import Policy
from headstart.sim.rollouts import roll_out
from tests.sim.recordings import recorded

QUICK = {"hidden": (32,), "most_updates": 400}


@pytest.fixture(scope="module")
def poles(tmp_path_factory):
    file = tmp_path_factory.mktemp("poles") / "poles.parquet"
    return recorded(file, "CartPole-v1?max_episode_steps=100", episodes=6)


def test_choices_are_foreseen_on_episodes_that_were_not_seen(poles):
    found = clone(poles, seed=0, **QUICK).imitation
    assert found.interval.low > 0.5
    assert found.agreement >= 0.85
    assert found.measure == "log-loss"


def test_the_clone_acts_as_well_as_its_demonstrator(poles):
    learned = clone(poles, seed=0, **QUICK)
    with metered(EnvironmentId.parse(poles.header.environment)) as env:
        assert min(roll_out(learned.policy, env, range(5)).returns) > 90


def test_forces_are_foreseen_in_their_own_unit(tmp_path):
    swings = recorded(tmp_path / "p.parquet", "Pendulum-v1?max_episode_steps=100", episodes=12)
    learned = clone(swings, seed=0, hidden=(64, 64), most_updates=600)
    assert learned.imitation.skill > 0.3
    seen = np.concatenate([one.observations for one in swings])
    acts = learned.policy.act(seen)
    assert acts.dtype == np.float32
    assert np.abs(acts).max() <= 2.0
    assert np.abs(acts).max() > 1.0  # the demonstrator pushes with all its force


@pytest.mark.parametrize("text", ["CartPole-v1", "Pendulum-v1?max_episode_steps=60"])
def test_from_chance_nothing_is_learned_and_that_is_said(tmp_path, text):
    blind = recorded(tmp_path / "c.parquet", text, who="chance", episodes=8)
    with pytest.raises(DataError, match="nothing could be learned"):
        clone(blind, seed=0, **QUICK)


def test_two_episodes_are_too_few(tmp_path):
    few = recorded(tmp_path / "f.parquet", "CartPole-v1?max_episode_steps=20", episodes=2)
    with pytest.raises(DataError, match="at least 3"):
        clone(few, seed=0)


def test_the_same_seed_gives_the_same_policy(poles):
    one, two = (clone(poles, seed=3, hidden=(8,), most_updates=200) for _ in range(2))
    assert one.imitation == two.imitation
    assert one.policy.sha256 == two.policy.sha256


def test_the_artefact_answers_as_the_network_did(poles, tmp_path):
    clone(poles, seed=0, **QUICK).policy.save(tmp_path)
    policy = Policy.load(tmp_path)
    examples = examples_of(poles)
    fitted = fit(examples, None, (16,), 0, updates=50)
    again = Policy(policy.record.model_copy(update={"hidden": (16,)}), fitted.arrays)
    near = examples.observations[np.abs(again.normalised(examples.observations)).max(axis=1) < 9]
    assert np.allclose(again.outputs(near), fitted.outputs(near), atol=1e-4)


def test_a_number_that_never_moved_does_not_shout_when_it_does(poles):
    examples = examples_of(poles)
    still = examples.observations.copy()
    still[:, 0] = 0.25
    fitted = fit(type(examples)(still, examples.actions, examples.episodes, 2), None, (16,), 0, updates=100)
    moved = still.copy()
    moved[:, 0] = 0.26
    assert np.abs(fitted.outputs(moved) - fitted.outputs(still)).max() < 0.1
