"""Forgetting is found where there is some, is silent where nothing moved, and can be held off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from headstart.core.budget import Budget
from headstart.core.candidate import Candidate
from headstart.core.evidence import Evidence
from headstart.core.folds import Folds
from headstart.core.kinds import Modality
from headstart.core.watch import Silent
from headstart.how.fold_model import FoldModel
from headstart.how.predictor import TunedNetwork
from headstart.how.race import Race
from headstart.recipes import forgetting, retaining
from headstart.recipes.keeping import Kept
from headstart.recipes.settings import FitSettings
from tests import synthetic, tiny_networks

LABELS = synthetic.balanced(45, 3)
TASK = synthetic.task(LABELS, items=tiny_networks.stripes(LABELS), modality=Modality.IMAGE)
MANY = synthetic.balanced(90, 3)
OLD = synthetic.task(MANY, items=tiny_networks.stripes(MANY, seed=7), modality=Modality.IMAGE)
FOLDS = synthetic.folds(45, labels=LABELS, repeats=2)
KEPT = Kept(OLD, 4)
SETTINGS = FitSettings(data="x", keep="old")
NAME = "pypi:tiny/lp_ft@0.00:8"


def moved(distance: float) -> Race:
    """A race whose one tuned network lies so far from its source, in a random direction."""
    network = tiny_networks.images()
    torch.manual_seed(0)
    tensors = {
        name: value.detach() + distance * torch.randn_like(value)
        for name, value in network.module.named_parameters()
    }
    config = {
        "cut": 0,
        "size": 8,
        "flip": False,
        "kind": "classification",
        "strategy": "lp_ft",
        "source": "pypi:tiny",
    }
    models = [FoldModel(tensors, np.eye(3, 8), np.zeros(3))] * 3
    member = TunedNetwork(
        network, models, config | {"prefix_dtype": "float32", "dtype": "float32", "sharpness": 1.0}
    )
    predictions = np.full((2, 45, 3), np.nan)
    predictions[0] = 1 / 3
    candidate = Candidate(NAME, "pypi:tiny", "lp_ft", settings={"size": 8}, rung=3)
    return Race((Evidence(candidate, predictions, 1.0),), {NAME: member})


def asked(race: Race, settings: FitSettings = SETTINGS, budget: Budget | None = None, folds: Folds = FOLDS):
    return retaining.retained(KEPT, race, TASK, folds, budget or Budget(), Silent(), settings=settings)


@pytest.fixture(scope="module")
def ruined():
    return asked(moved(1.0))[1]


def test_a_network_ruined_on_purpose_is_a_finding_with_a_remedy(ruined):
    retention = forgetting.settled(ruined, {NAME: 0.7})
    (finding,) = forgetting.findings(retention)
    assert finding.code == "HS-R01"
    assert "Keep both" in finding.remedy
    (line,) = retention.networks
    assert line.before > line.after
    assert [point.alpha for point in line.curve] == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert line.curve[-1].weight == 0.7
    assert (line.head, line.seen, line.n, retention.left_out) == ("ridge", False, 45, 4)


def test_a_network_that_did_not_move_has_no_finding():
    _, retention = asked(moved(0.0))
    (line,) = retention.networks
    assert line.before == line.after
    assert forgetting.findings(forgetting.settled(retention, {NAME: 1.0})) == []


def test_what_is_not_handed_back_is_no_finding(ruined):
    assert forgetting.findings(forgetting.settled(ruined, {"control/majority": 1.0})) == []


def test_without_a_tuned_network_nothing_can_be_forgotten():
    race, retention = asked(Race((), {}))
    assert race == Race((), {})
    assert retention.networks == ()
    assert retention.reason == ""


def test_without_a_task_to_keep_nothing_is_measured():
    race = moved(0.0)
    found = retaining.retained(None, race, TASK, FOLDS, Budget(), Silent(), settings=SETTINGS)
    assert found == (race, None)
    assert retaining.seconds(None, replace_limit(100)) == 0


def test_time_is_left_for_it_and_where_there_is_none_it_says_so():
    assert retaining.seconds(KEPT, replace_limit(100)) == 100 * retaining.KEEP_FRAC
    _, retention = asked(moved(0.0), budget=Budget(time_limit_s=0.0))
    assert retention.networks == ()
    assert "no time was left" in retention.reason


def replace_limit(limit_s: float) -> FitSettings:
    return SETTINGS.model_copy(update={"time_limit_s": limit_s})


def test_a_share_to_hold_puts_the_nearest_point_that_holds_it_into_the_race():
    settings = SETTINGS.model_copy(update={"keep_at_least": 0.9})
    race, retention = asked(moved(1.0), settings)
    (line,) = retention.networks
    holding = [
        point.alpha for point in line.curve if point.alpha > 0 and point.source_score >= 0.9 * line.before
    ]
    assert NAME not in race.members
    assert [e.candidate.settings["alpha"] for e in race.evidence] == ([max(holding)] if holding else [])
    assert set(race.members) == {e.candidate.id for e in race.evidence}


def test_a_network_that_forgets_nothing_stays_where_a_share_is_to_be_held():
    settings = SETTINGS.model_copy(update={"keep_at_least": 1.0})
    assert list(asked(moved(0.0), settings)[0].members) == [NAME]


def test_errors_are_held_to_a_share_too(ruined):
    (line,) = ruined.networks
    curve = tuple(
        point.model_copy(update={"source_score": score})
        for point, score in zip(line.curve, (-1.0, -1.01, -1.05, -1.2, -2.0), strict=True)
    )
    errors = line.model_copy(update={"before": -1.0, "curve": curve})
    assert retaining.held_at(errors, 0.9) == 0.5
    assert retaining.held_at(errors, 1.0) is None


def test_other_members_of_the_race_are_left_alone():
    race = moved(1.0)
    other = replace(race.evidence[0], candidate=replace(race.evidence[0].candidate, id="other/lp_ft@0.50:8"))
    both = Race((*race.evidence, other), race.members | {other.candidate.id: race.members[NAME]})
    left = retaining.giving_way(both, race.evidence[0], Race((), {}))
    assert [e.candidate.id for e in left.evidence] == ["other/lp_ft@0.50:8"] == list(left.members)


def test_the_point_half_way_joins_the_race_beside_the_tuned_network():
    race, _ = asked(moved(0.3))
    assert list(race.members) == [NAME, f"{NAME}/wise@0.5"]
    best = SETTINGS.model_copy(update={"preset": "best"})
    assert len(asked(moved(0.3), best)[0].members) == 4
