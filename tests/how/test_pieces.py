"""A race that is killed and begun again takes the fits that are there, and comes out the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from headstart.core.budget import Budget
from headstart.core.candidate import Candidate
from headstart.core.kinds import Modality, Preset
from headstart.core.watch import Silent
from headstart.how.context import Context, float32
from headstart.how.pieces import Pieces
from headstart.how.race import Race, race
from headstart.how.trial import Trial
from tests import synthetic, tiny_networks

LABELS = synthetic.balanced(30, 3)
TASK = synthetic.task(LABELS, items=tiny_networks.stripes(LABELS), modality=Modality.IMAGE)
FOLDS = synthetic.folds(30, labels=LABELS, repeats=2)
SETTINGS = {"size": 8, "epochs": 4, "depth": 0.5, "batch_size": 8, "least_steps": 1, "fits": 3}
PLAN = [
    Candidate(name, "pypi:tiny", name, settings=SETTINGS) for name in ("lp_ft", "low_rank", "contrastive")
]


class Dies(Exception):
    """What a kill is to a test."""


class Said(Silent):
    """Keeps what is said."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)


def context(folder: Path | None, origin: tuple[object, ...] = ("data",), **changes: object) -> Context:
    network, watch = tiny_networks.images(), Said()
    pieces = Pieces(folder, origin, watch) if folder else None
    plain = Context(TASK, FOLDS, lambda source: network, step_dtype=float32, budget=Budget(Preset.BALANCED))
    return replace(plain, pieces=pieces, watch=watch, **changes)


def assert_same(one: Race, other: Race) -> None:
    assert [e.status for e in one.evidence] == [e.status for e in other.evidence]
    for mine, theirs in zip(one.evidence, other.evidence, strict=True):
        np.testing.assert_array_equal(mine.predictions, theirs.predictions)
        assert mine.candidate == theirs.candidate
    assert list(one.members) == list(other.members)
    for name, member in one.members.items():
        arrays, config = member.state()
        others, same = other.members[name].state()
        assert config == same
        assert all(np.array_equal(arrays[key], others[key]) for key in arrays | others)


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Candidates that were really fitted, once for each fit; dies where the list of deaths says so."""
    made: list[str] = []
    really = Trial._fitted

    def counted(trial: Trial, held: np.ndarray, checkpoint: object) -> object:
        if deaths and len(made) == deaths[0]:
            deaths.pop(0)
            raise Dies
        made.append(trial.candidate.id)
        return really(trial, held, checkpoint)

    deaths: list[int] = []
    made_and_deaths = made
    monkeypatch.setattr(Trial, "_fitted", counted)
    monkeypatch.setattr(f"{__name__}.DEATHS", deaths)
    return made_and_deaths


DEATHS: list[int] = []


def test_killed_between_any_two_fits_the_race_comes_out_the_same_and_no_fit_is_bought_twice(fits, tmp_path):
    alone = race(PLAN, context(None))
    whole = list(fits)
    fits.clear()
    DEATHS.extend(range(len(whole)))
    for _ in range(len(whole)):
        with pytest.raises(Dies):
            race(PLAN, context(tmp_path))
    assert_same(alone, race(PLAN, context(tmp_path)))
    assert sorted(fits) == sorted(whole)


def test_a_damaged_fit_is_bought_again_and_said(fits, tmp_path):
    alone = race(PLAN[:1], context(tmp_path))
    piece = sorted(tmp_path.glob("*.fit"))[0]
    piece.write_bytes(piece.read_bytes()[:-7])
    fits.clear()
    again = context(tmp_path)
    assert_same(alone, race(PLAN[:1], again))
    assert len(fits) == 1
    assert [line for line in again.watch.lines if "damaged" in line]


@pytest.mark.parametrize("other", [{"origin": ("other data",)}, {"seed": 1}, {"prefix_dtype": None}])
def test_fits_of_other_data_another_seed_or_format_are_not_taken(other, fits, tmp_path):
    race(PLAN[:1], context(tmp_path))
    first = len(fits)
    if "prefix_dtype" in other:
        other = {"prefix_dtype": lambda network: torch.bfloat16}
    race(PLAN[:1], context(tmp_path, **other))
    assert len(fits) == 2 * first


def test_finished_fits_are_free_of_the_time_limit(tmp_path, fits):
    race(PLAN[:1], context(tmp_path))
    fits.clear()
    short = context(tmp_path, budget=Budget(Preset.BALANCED, time_limit_s=1.0))
    trial = Trial(PLAN[0], short)
    assert trial.to_buy() == 0
    assert race(PLAN[:1], short).evidence[0].status == "complete"
    assert fits == []


def test_nothing_of_a_finished_fit_is_left_but_the_fit(tmp_path):
    race(PLAN[:1], context(tmp_path))
    assert {path.suffix for path in tmp_path.iterdir()} == {".fit"}
