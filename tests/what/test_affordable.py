"""On a machine's first run, timing the sources takes its part of the limit and no more."""

from __future__ import annotations

import dataclasses
import math

import pytest

from headstart.core.watch import Silent
from headstart.sources.precision import FLOAT32
from headstart.what import affordable
from headstart.what.affordable import TIMING_FRAC, Machine, timed
from tests import tiny_networks
from tests.clock import Clock


def sources(count: int) -> dict[str, tiny_networks.Tiny]:
    found = {}
    for index in range(count):
        network = tiny_networks.images()
        network.card = dataclasses.replace(network.card, id=f"pypi:tiny{index}")
        found[network.card.id] = network
    return found


def test_sources_beyond_the_share_of_the_limit_are_not_timed_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    monkeypatch.setattr(affordable, "time", clock)
    monkeypatch.setattr(affordable, "choose", lambda *_, **__: clock.sleep(0.2) or FLOAT32)
    networks = sources(4)
    sizes = dict.fromkeys(networks, (8,))
    passes, refused, short = timed(networks, sizes, Machine(None), Silent(), 0.3 / TIMING_FRAC)
    assert [one.network.card.id for one in passes] == ["pypi:tiny0", "pypi:tiny1"]
    assert [one.source for one in refused] == ["pypi:tiny2", "pypi:tiny3"]
    assert [one.what for one in short] == ["pypi:tiny2", "pypi:tiny3"]
    assert "once per machine, took 0 s" in refused[0].reason


def test_one_is_timed_however_small_the_limit_and_all_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(affordable, "choose", lambda *_, **__: FLOAT32)
    networks = sources(3)
    sizes = dict.fromkeys(networks, (8, 16))
    assert len(timed(networks, sizes, Machine(None), Silent(), 0.0)[0]) == 2
    passes, refused, short = timed(networks, sizes, Machine(None), Silent(), math.inf)
    assert len(passes) == 6
    assert not refused
    assert not short
