"""What ``headstart sim inspect`` says, in words and as JSON, and how it refuses."""

import json

import pytest

from headstart.cli.main import main

REWIRED = ["pair:cart-pole-rewired/source", "pair:cart-pole-rewired/target"]


def said(capsys, *arguments):
    code = main(["sim", "inspect", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_one_environment_is_described_and_left_in_peace(capsys):
    code, out, _ = said(capsys, "Pendulum-v1")
    assert code == 0
    assert "0.05 s, time limit 200 steps" in out
    assert "Nothing to complain about." in out


def test_two_are_compared_and_the_surgery_is_told(capsys):
    code, out, _ = said(capsys, *REWIRED)
    assert code == 0
    for words in (
        "HS-C01",
        "HS-C02",
        "HS-C03",
        "HS-C04",
        "held at its training mean",
        "× 0.0174533",
        "new, ignored",
    ):
        assert words in out


def test_the_same_environment_twice_needs_no_surgery(capsys):
    assert "fits the target as it is" in said(capsys, "Pendulum-v1", "Pendulum-v1?g=14.0")[1]


def test_json_is_one_document(capsys):
    code, out, _ = said(capsys, *REWIRED, "--json")
    document = json.loads(out)
    assert code == 0
    assert list(document) == ["environments", "signatures", "findings", "mapping"]
    assert document["environments"] == REWIRED
    assert len(document["signatures"]) == 2
    assert {finding["code"] for finding in document["findings"]} >= {"HS-C01", "HS-C02"}
    assert None in document["mapping"]["observations"]


def test_spaces_that_cannot_be_mapped_are_an_error_among_the_findings(capsys):
    code, out, _ = said(capsys, "Pendulum-v1", "CartPole-v1")
    assert code == 0
    assert out.index("error HS-C05") < out.index("No policy of the source can be refitted")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Pendulun-v1"], "perhaps Pendulum-v1"),
        (["pair:pendulum-hevy/source"], "perhaps pendulum-heavy"),
        (["Pendulum-v1?mass=2"], "no parameter 'mass'"),
        (["pair:pendulum-heavy/source?mass=99"], "0.2 to 3 kg"),
    ],
)
def test_what_cannot_be_opened_ends_with_2_and_one_message(arguments, words, capsys):
    code, out, err = said(capsys, *arguments, "--json")
    assert code == 2
    assert out == ""
    assert words in err
    assert "Traceback" not in err


def test_an_environment_that_fails_is_a_finding_and_has_no_signature(capsys):
    code, out, _ = said(capsys, "tests.sim.broken:BrokenRaises-v0", "--json")
    document = json.loads(out)
    assert code == 0
    assert [finding["code"] for finding in document["findings"]] == ["HS-C20"]
    assert document["signatures"] == []
