"""``headstart sim develop``, ``fit`` and ``eval``: what they print, where, and how they refuse."""

import json

import pytest

from headstart.cli.main import main

FIT = ["fit", "Pendulum-v1", "--source", "store:swing"]
QUICK = ["--threads", "1", "--set", "hidden=[8, 8]"]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def developed(home):
    code = main(
        ["sim", "develop", "Pendulum-v1", "--name", "swing", "--steps", "40", "--seeds", "1", "--quiet",
         "--store", str(home / "store"), "--out", str(home / "develop"), *QUICK]
    )  # fmt: skip
    assert code == 0
    return ["--store", str(home / "store")]


def said(capsys, *arguments):
    code = main(["sim", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_a_fit_prints_one_json_document_and_progress_apart(developed, home, capsys):
    code, out, err = said(
        capsys, "fit", "Pendulum-v1?g=12.0", "--source", "store:swing", "--target-steps", "16",
        "--seeds", "1", "--strategy", "warm-critic", "--no-films", "--out", str(home / "fit"),
        "--json", "--threads", "1", *developed,
    )  # fmt: skip
    assert code == 0
    record = json.loads(out)
    assert record["cost"]["target_steps"] > 0
    assert record["task"]["kind"] == "control"
    assert "from scratch" in err


def test_a_policy_is_scored_in_the_form_that_is_promised(developed, capsys):
    code, out, _ = said(
        capsys, "eval", "store:swing", "Pendulum-v1", "--episodes", "2", "--json", "--quiet", *developed
    )
    assert code == 0
    assert set(json.loads(out)) == {"metric", "score", "interval", "n"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["fit", "Pendulum-v1", "--source", "store:none", "--target-steps", "10"], "none"),
        (["fit", "Pendulm-v1", "--source", "store:swing", "--target-steps", "10"], "Pendulum"),
        (["fit", "CartPole-v1", "--source", "store:swing", "--target-steps", "10"], "actions"),
        ([*FIT, "--target-steps", "0"], "target"),
        ([*FIT, "--target-steps", "9", "--strategy", "hope"], "hope"),
        (["eval", "no/such/folder", "Pendulum-v1"], "no policy"),
        (["develop", "Pendulum-v1", "--name", "Bad Name"], "Bad Name"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_one_message_and_exit_code_2(
    arguments, words, developed, capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    code, out, err = said(capsys, *arguments, *developed)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


def test_learning_leaves_nothing_in_the_folder_where_the_user_stands(home, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = main(
        ["sim", "develop", "HalfCheetah-v5", "--name", "cheetah", "--steps", "8", "--seeds", "1", "--quiet",
         "--store", str(home / "other"), "--out", str(home / "cheetah"), *QUICK]
    )  # fmt: skip
    assert code == 0
    assert not list(tmp_path.iterdir())  # no MUJOCO_LOG.TXT above all
