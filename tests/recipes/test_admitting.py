"""What a specification leaves in play."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from headstart.core.errors import DataError, SourceError
from headstart.core.kinds import Modality
from headstart.core.source import SourceCard
from headstart.core.specification import Specification
from headstart.recipes.admitting import admitted, narrowed, require_classes
from tests import synthetic, tiny_networks


@dataclass
class Known:
    card: SourceCard


CARD = SourceCard("pypi:a", "a", Modality.IMAGE, "", 0, "", "MIT", True, 0, (224, 128), True, "")
MIT, SHARED = Known(CARD), Known(replace(CARD, id="pypi:b", licence="CC-BY-4.0 OR GPL-3.0", permissive=False))
LARGE = Known(replace(CARD, id="pypi:c", input_sizes=(384,)))


def left(asked: Specification, named: bool = False):
    sources, findings = admitted([MIT, SHARED, LARGE], asked, Modality.IMAGE, named=named)
    return [one.card.id for one in sources], [finding.where[0] for finding in findings]


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        (Specification(licence="permissive"), ["pypi:a", "pypi:c"]),
        (Specification(licence=("gpl-3.0",)), ["pypi:b"]),
        (Specification(licence="any"), ["pypi:a", "pypi:b", "pypi:c"]),
        (Specification(input_size=128), ["pypi:a", "pypi:b"]),
        (Specification(size_mb=1), ["pypi:a", "pypi:b", "pypi:c"]),
    ],
)
def test_each_source_that_is_left_out_is_a_finding(asked, ids):
    kept, refused = left(asked)
    assert kept == ids
    assert sorted(kept + refused) == ["pypi:a", "pypi:b", "pypi:c"]


def test_a_named_source_that_the_specification_forbids_is_an_error():
    with pytest.raises(SourceError, match="asked for is permissive"):
        left(Specification(licence="permissive"), named=True)
    assert left(Specification(licence="any"), named=True)[1] == []


def test_sources_are_read_at_no_larger_size_than_the_product_has():
    network = tiny_networks.images()
    network.card = replace(network.card, input_sizes=(16, 8))
    assert narrowed(network, Specification(input_size=8)).card.input_sizes == (8,)
    assert narrowed(network, None).card.input_sizes == (8,)


def test_a_class_that_the_data_lack_is_an_error_with_the_near_name():
    task = synthetic.task(synthetic.balanced(12, 3))
    require_classes(Specification(classes=task.classes[:2]), task, "spec.yaml")
    wanted = task.classes[0] + "s"
    with pytest.raises(DataError, match="lack") as told:
        require_classes(Specification(classes=(wanted,)), task, "spec.yaml")
    assert f"Did you mean '{task.classes[0]}'" in str(told.value)
    with pytest.raises(DataError, match="'no such'"):
        require_classes(Specification(per_class_floors={"no such": 0.5}), task, "spec.yaml")
