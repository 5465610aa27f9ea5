"""Fetching sources: all are tried, failures are told together."""

from dataclasses import dataclass, field, replace

import pytest

import headstart.sources
from headstart.core.errors import MachineError, SourceError
from headstart.core.kinds import Modality
from headstart.core.source import SourceCard
from headstart.core.watch import Silent
from headstart.recipes.fetch import fetch

CARD = SourceCard("pypi:a", "A", Modality.IMAGE, "a", 1, "", "MIT", True, 100, (224,), True, "photos")


@dataclass
class Source:
    card: SourceCard
    failure: Exception | None = None
    fetched: list = field(default_factory=list)

    def fetch(self, *, offline: bool = False) -> None:
        if self.failure:
            raise self.failure
        self.fetched.append(self.card.id)


@pytest.fixture
def shelf(monkeypatch):
    sources = {"pypi:a": Source(CARD), "pypi:b": Source(replace(CARD, id="pypi:b", download_bytes=0))}
    monkeypatch.setattr(headstart.sources, "at_hand", lambda modality=None, licence="": sources.values())
    monkeypatch.setattr(headstart.sources, "resolve", sources.__getitem__)
    return sources


def test_no_id_means_all_and_tells_what_was_there(shelf):
    fetched = fetch([], Silent())
    assert [(one.id, one.state) for one in fetched] == [("pypi:a", "fetched"), ("pypi:b", "was there")]


def test_only_the_named_ones(shelf):
    assert [one.id for one in fetch(["pypi:b"], Silent())] == ["pypi:b"]
    assert shelf["pypi:a"].fetched == []


def test_a_source_that_fails_does_not_keep_the_others_away(shelf):
    shelf["pypi:a"].failure = MachineError("no network", remedy="Look at the network.")
    with pytest.raises(MachineError, match="no network"):
        fetch([], Silent())
    assert shelf["pypi:b"].fetched == ["pypi:b"]


def test_several_failures_are_one_message(shelf):
    shelf["pypi:a"].failure = MachineError("no network", remedy="Look at the network.")
    shelf["pypi:b"].failure = SourceError("another hash", where="b.whl")
    with pytest.raises(MachineError) as caught:
        fetch([], Silent())
    message = str(caught.value)
    assert message.startswith("2 of 2 sources")
    for part in ("no network", "Look at the network.", "b.whl: another hash"):
        assert part in message


def test_a_wish_to_stop_is_heard_between_two_sources(shelf):
    watch = Silent()
    watch.stop_requested = True
    assert fetch([], watch) == []
