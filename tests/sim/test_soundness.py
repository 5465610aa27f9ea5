"""What is wrong with an environment is found before anything is learned in it."""

import pytest

from headstart.core.kinds import Severity
from headstart.sim.environment import EnvironmentId
from headstart.sim.soundness import TITLES, soundness


def codes(text, seed=0):
    return [finding.code for finding in soundness(EnvironmentId.parse(text, typed=True), seed)]


@pytest.mark.parametrize(
    ("kind", "code"),
    [("Raises", "HS-C20"), ("NotANumber", "HS-C21"), ("Endless", "HS-C22"), ("Moody", "HS-C23"),
     ("Outside", "HS-C24")],
)  # fmt: skip
def test_an_environment_that_is_broken_is_found_out(kind, code):
    assert codes(f"tests.sim.broken:Broken{kind}-v0") == [code]


@pytest.mark.parametrize(
    "text", ["tests.sim.broken:BrokenWalked-v0", "Pendulum-v1", "InvertedPendulum-v5", "highway-fast-v0"]
)
def test_a_sound_environment_is_left_in_peace(text):
    assert codes(text) == []


def test_a_time_limit_mends_the_endless():
    (finding,) = soundness(EnvironmentId.parse("tests.sim.broken:BrokenEndless-v0", typed=True), 0)
    mended = finding.remedy.split()[-1]
    assert codes(mended) == []


def test_every_finding_says_where_and_what_to_do():
    assert all(severity in Severity for severity, _ in TITLES.values())
    for kind in ("Raises", "NotANumber", "Endless", "Moody", "Outside"):
        for finding in soundness(EnvironmentId.parse(f"tests.sim.broken:Broken{kind}-v0", typed=True), 1):
            assert finding.where
            assert finding.remedy
