"""A policy as an artefact: acts like the learner's own network, needs no library of it, refuses damage."""

import json
import subprocess
import sys

import numpy as np
import pytest

from headstart.core.errors import OutputError, SourceError
from headstart.sim.environment import EnvironmentId
from headstart.sim.learning.learner import Learner
from headstart.sim.learning.settings import LearnerSettings
from headstart.sim.metered import metered
from headstart.sim.policy import ARRAYS, RECORD, Policy

SAC = LearnerSettings(family="sac", hidden=(8, 8), batch=8, starts=10, every=5)
DQN = LearnerSettings(family="dqn", hidden=(8,), batch=8, starts=10, every=5)


def learner(text="Pendulum-v1", settings=SAC, seed=0, steps=40):
    env = metered(EnvironmentId.parse(text))
    return Learner(env, settings, seed, steps=steps, name=text)


@pytest.mark.parametrize(("text", "settings"), [("Pendulum-v1", SAC), ("CartPole-v1", DQN)])
def test_it_acts_like_the_learners_own_network(text, settings, tmp_path):
    made = learner(text, settings)
    made.learn(40, lambda: False)
    made.policy().save(tmp_path)
    seen = np.random.default_rng(0).normal(size=(50, made.venv.observation_space.shape[0])).astype(np.float32)
    theirs, _ = made.model.predict(made.venv.normalize_obs(seen), deterministic=True)
    assert np.abs(Policy.load(tmp_path).act(seen) - theirs).max() < 1e-6


def test_it_is_read_and_acts_without_the_learners_library(tmp_path):
    learner().policy().save(tmp_path)
    code = (
        "import sys, numpy as np, headstart as hs; p = hs.load(sys.argv[1]); p.act(np.zeros((2, 3)));"
        "assert not {'stable_baselines3', 'gymnasium'} & set(sys.modules)"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], check=True, env={"PYTHONPATH": ":".join(sys.path)}
    )


def test_actions_stay_in_the_box_whatever_is_seen():
    wild = 1e6 * np.random.default_rng(0).normal(size=(20, 3))
    acts = learner().policy().act(wild)
    assert acts.shape == (20, 1)
    assert np.abs(acts).max() <= 2.0


@pytest.mark.parametrize("file", [RECORD, ARRAYS])
def test_a_damaged_policy_is_refused(file, tmp_path):
    learner().policy().save(tmp_path)
    content = (tmp_path / file).read_bytes()
    (tmp_path / file).write_bytes(content[: len(content) // 2])
    with pytest.raises(SourceError, match="damaged"):
        Policy.load(tmp_path)


def test_weights_of_another_shape_than_the_record_says_are_refused(tmp_path):
    learner().policy().save(tmp_path)
    document = json.loads((tmp_path / RECORD).read_text())
    document["policy"]["hidden"] = [8, 9]
    (tmp_path / RECORD).write_text(json.dumps(document))
    with pytest.raises(SourceError, match=r"trunk\.1\.weight"):
        Policy.load(tmp_path)


def test_a_policy_of_a_newer_format_says_so(tmp_path):
    learner().policy().save(tmp_path)
    document = json.loads((tmp_path / RECORD).read_text())
    document["policy"]["format"] = 2
    (tmp_path / RECORD).write_text(json.dumps(document))
    with pytest.raises(SourceError, match="format"):
        Policy.load(tmp_path)


def test_a_folder_without_a_policy_is_said(tmp_path):
    with pytest.raises(OutputError, match="no policy"):
        Policy.load(tmp_path)
