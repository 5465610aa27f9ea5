"""Zips of Stable-Baselines3 are read without unpickling anything, or refused."""

import io
import json
import pickle
import zipfile

import numpy as np
import pytest
from stable_baselines3 import DQN, PPO, SAC, TD3

from headstart.core.errors import SourceError
from headstart.sim.sb3_zip import read


def small(kind, text):
    return kind("MlpPolicy", text, policy_kwargs={"net_arch": [8, 8]}, seed=0, device="cpu")


class Boom:
    def __reduce__(self):
        return (pytest.fail, ("its code was run",))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (SAC, "Pendulum-v1"),
        (TD3, "Pendulum-v1"),
        (PPO, "Pendulum-v1"),
        (PPO, "CartPole-v1"),
        (DQN, "CartPole-v1"),
    ],
)
def test_a_zip_acts_as_its_own_library_says(kind, text, tmp_path):
    made = small(kind, text)
    made.save(tmp_path / "p.zip")
    seen = np.random.default_rng(0).normal(size=(40, made.observation_space.shape[0])).astype(np.float32)
    theirs, _ = made.predict(seen, deterministic=True)
    assert np.abs(read(tmp_path / "p.zip", text).act(seen) - theirs).max() < 1e-5


def rewritten(source, target, **members):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, members.get(name, old.read(name)))


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    file = tmp_path_factory.mktemp("zip") / "p.zip"
    small(SAC, "Pendulum-v1").save(file)
    return file


def test_pickled_weights_are_refused_and_nothing_of_them_is_run(saved, tmp_path):
    evil = io.BytesIO()
    with zipfile.ZipFile(evil, "w") as inner:
        inner.writestr("archive/data.pkl", pickle.dumps({"actor.mu.weight": Boom()}))
        inner.writestr("archive/version", "3")
    rewritten(saved, tmp_path / "evil.zip", **{"policy.pth": evil.getvalue()})
    with pytest.raises(SourceError):
        read(tmp_path / "evil.zip", "Pendulum-v1")


def test_pickled_values_in_its_json_are_passed_over(saved, tmp_path):
    with zipfile.ZipFile(saved) as packed:
        data = json.loads(packed.read("data"))
    assert ":serialized:" in json.dumps(data)
    data["policy_class"] = {":type:": "x", ":serialized:": "not even base64"}
    rewritten(saved, tmp_path / "p.zip", data=json.dumps(data).encode())
    assert read(tmp_path / "p.zip", "Pendulum-v1").record.family == "sac"


def test_spaces_that_only_a_pickle_knows_are_refused(saved, tmp_path):
    with zipfile.ZipFile(saved) as packed:
        data = json.loads(packed.read("data"))
    data["observation_space"] = {":type:": "x", ":serialized:": "gAWV"}
    rewritten(saved, tmp_path / "p.zip", data=json.dumps(data).encode())
    with pytest.raises(SourceError, match="spaces"):
        read(tmp_path / "p.zip", "Pendulum-v1")


@pytest.mark.parametrize("content", [b"", b"no zip at all"])
def test_what_is_no_zip_is_said(content, tmp_path):
    (tmp_path / "p.zip").write_bytes(content)
    with pytest.raises(SourceError, match="no zip"):
        read(tmp_path / "p.zip", "Pendulum-v1")
