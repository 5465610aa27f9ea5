"""Demonstrators that need no training: rules that beat chance, scripts that are checked."""

import json

import numpy as np
import pytest

from headstart.core.errors import DataError, SimulationError
from headstart.sim.environment import EnvironmentId
from headstart.sim.gathering.actors import ByScript, by_rule
from headstart.sim.gathering.rules import RULES
from headstart.sim.gathering.scripts import read_script
from tests.sim.recordings import recorded

TORQUE = {"type": "box", "low": [-2.0], "high": [2.0]}
SIDES = {"type": "discrete", "n": 2, "start": 0}


@pytest.mark.parametrize("text", [*RULES, "pair:pendulum-heavy/target"])
def test_a_rule_by_hand_beats_chance_in_every_episode(tmp_path, text):
    ruled, random = (recorded(tmp_path / f"{who}.parquet", text, who=who) for who in ("rule", "chance"))
    assert min(ruled.returns) > max(random.returns)


def test_an_environment_without_a_rule_is_said_to_have_none():
    with pytest.raises(SimulationError, match="no rule by hand"):
        by_rule(EnvironmentId.parse("Acrobot-v1"))


def test_a_script_ends_the_episode_when_it_is_through(tmp_path):
    found = recorded(tmp_path / "s.parquet", "Pendulum-v1", actor=lambda _: ByScript([[1.0], [-1.0], [0.5]]))
    assert {(one.steps, one.ended) for one in found.episodes} == {(3, "left")}
    assert next(iter(found)).actions.tolist() == [[1.0], [-1.0], [0.5]]
    assert found.returns == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.json", "[0.5, -1, [2]]"), ("a.csv", "torque\n0.5\n-1\n2\n"), ("b.csv", "0.5\n-1\n2")],
)
def test_a_script_is_a_list_or_a_table_with_or_without_a_heading(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert np.concatenate(read_script(tmp_path / name, TORQUE)).tolist() == [0.5, -1.0, 2.0]


@pytest.mark.parametrize(
    ("rows", "space", "said"),
    [
        ([0.5, 3.0], TORQUE, "action 2: 3 lies outside the limits"),
        ([[0.5, 0.5]], TORQUE, "1 number in -2 … 2"),
        (["left"], SIDES, "a whole number from 0 to 1"),
        ([0, 1, 2], SIDES, "action 3: the choice 2"),
        ([0.5], SIDES, "the choice 0.5"),
        ([float("nan")], TORQUE, "no action"),
        ([], TORQUE, "no list of actions"),
        ({"a": 1}, TORQUE, "no list of actions"),
    ],
)
def test_an_action_that_does_not_fit_is_named(tmp_path, rows, space, said):
    (tmp_path / "a.json").write_text(json.dumps(rows), encoding="utf-8")
    with pytest.raises(DataError) as refused:
        read_script(tmp_path / "a.json", space)
    assert said in str(refused.value)


def test_what_is_no_script_is_refused(tmp_path):
    (tmp_path / "a.json").write_text("[1,", encoding="utf-8")
    with pytest.raises(DataError, match="cannot be read"):
        read_script(tmp_path / "a.json", TORQUE)
    with pytest.raises(DataError, match="no such script"):
        read_script(tmp_path / "b.json", TORQUE)
