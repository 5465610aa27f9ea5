"""The plan names few candidates, the best bets first, and one that is cheap enough for short time limits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from headstart.core.kinds import Modality, Preset
from headstart.what.look import Look
from headstart.what.plan import plan
from headstart.what.probes import Looked, probe_all
from tests import synthetic


@pytest.fixture(scope="module")
def looked():
    """Four sources for images: the dearer, the better."""
    labels = synthetic.balanced(60, 3)
    task = synthetic.task(labels, items=[None] * 60, modality=Modality.IMAGE)
    folds = synthetic.folds(60, labels=labels)
    readings = []
    for index in range(4):
        features = synthetic.features(labels, signal=0.3 + 0.3 * index, seed=index)
        read = synthetic.reading({"last": features}, source=f"pypi:s{index}", size=128)
        card = replace(read.card, modality=Modality.IMAGE, input_sizes=(128, 96))
        readings.append(replace(read, card=card, forward_s=1.0 + index))
    probes = tuple(p for read in readings for p in probe_all(Looked(read, task, folds)))
    return Look(tuple(readings), probes, (), (), ()), task


def test_the_cheapest_source_is_a_last_resort_where_it_is_not_among_the_first(looked):
    named = plan(*looked, Preset.BALANCED)
    assert [c.source for c in named[:2]] == ["pypi:s1", "pypi:s2"]
    assert named[-1].source == "pypi:s0"
    assert len({c.id for c in named}) == len(named)


def test_a_fast_plan_has_no_last_resort(looked):
    assert len(plan(*looked, Preset.FAST)) == 1
