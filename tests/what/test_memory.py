"""What a run is worth to later ones, from its record."""

import pytest

from headstart.core.kinds import Kind, Modality
from headstart.core.memory import Traits
from headstart.core.run import RunRecord
from headstart.what.memory import memory_of
from tests.report import examples

TRAITS = Traits(Modality.IMAGE, Kind.CLASSIFICATION, 200, 2, 300.0, (0.5,), (0.1,), 200)


def run(*shares: float | None) -> RunRecord:
    made = examples.image_run()
    ranking = tuple(
        line.model_copy(update={"share": share})
        for line, share in zip(made.ranking, (*shares, None, None, None, None), strict=False)
    )
    return made.model_copy(update={"ranking": ranking, "traits": TRAITS})


def remembered(*shares: float | None) -> list[float]:
    found = memory_of(run(*shares))
    assert found is not None
    return [line.share for line in found.sources.values() if line.share is not None]


def test_runs_with_few_and_with_many_sources_are_made_comparable():
    assert remembered(0.8, 0.2) == pytest.approx([1.6, 0.4])
    assert remembered(0.8, 0.1, 0.1) == pytest.approx([2.4, 0.3, 0.3])


def test_a_source_that_was_not_combined_has_no_share():
    assert remembered(1.0, None) == [1.0]
    assert remembered() == []
