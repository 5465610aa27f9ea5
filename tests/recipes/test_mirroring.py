"""A run reads mirrored pictures where there is time, and never where the user wants to be fast."""

from __future__ import annotations

import pytest

from headstart.core.budget import Budget
from headstart.core.kinds import Preset
from headstart.core.watch import Silent
from headstart.recipes import mirroring
from headstart.recipes.looking import LOOK_FRAC, Looked
from headstart.recipes.mirroring import second_view
from headstart.recipes.settings import FitSettings
from headstart.what.first_pass import FirstPass
from headstart.what.look import Look
from headstart.what.mirroring import Mirrored
from tests import synthetic

LABELS = synthetic.balanced(10, 2)
NOTHING = Look((), (), (), (), ())


@pytest.fixture
def asked(monkeypatch):
    """The limits that were asked for; each second view takes two seconds."""
    limits = []

    def mirrored(look, task, folds, networks, machine, watch, *, limit_s):
        limits.append(limit_s)
        return Mirrored(look, 2.0)

    monkeypatch.setattr(mirroring, "mirrored", mirrored)
    return limits


def seen(preset: Preset, time_limit_s: float | None) -> Looked:
    looked = Looked(NOTHING, FirstPass((), (), 10.0))
    settings = FitSettings(data="x", preset=preset)
    task, folds = synthetic.task(LABELS), synthetic.folds(10)
    return second_view(looked, task, folds, {}, settings, Budget(preset, time_limit_s), Silent())


def test_a_fast_run_takes_one_look(asked):
    assert seen(Preset.FAST, None).passes.forward_s == 10.0
    assert not asked


def test_the_second_view_is_part_of_the_looks_share_of_the_time_and_of_its_cost(asked):
    assert seen(Preset.BALANCED, 90.0).passes.forward_s == 12.0
    assert asked == [pytest.approx(LOOK_FRAC * 100.0 - 10.0, abs=0.5)]


def test_without_a_time_limit_only_the_look_itself_bounds_it(asked):
    seen(Preset.BEST, None)
    assert asked == [float("inf")]
