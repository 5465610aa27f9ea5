"""On a machine's first run, timing the sources takes its part of the limit and no more."""

from __future__ import annotations

import dataclasses
import math

import pytest

from headstart.core.watch import Silent
from headstart.sources.extract import extract_all
from headstart.sources.feature_cache import FeatureCache
from headstart.sources.precision import FLOAT32
from headstart.sources.reading import Reading as Pass
from headstart.sources.segments import keys_of
from headstart.what import affordable, second_thought
from headstart.what.affordable import TIMING_FRAC, Machine, timed
from headstart.what.experience import Experience
from headstart.what.fullness import fullness, token_lengths
from tests import synthetic, tiny_networks
from tests.clock import Clock
from tests.sources.tiny import image_network, pictures


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


def priced(monkeypatch: pytest.MonkeyPatch, predicted: float, now: float) -> list[str]:
    """Ids of those of two sources that are read, where the second seems to cost `predicted` s an example."""
    networks = sources(2)
    passes = [Pass(network, 8, precision=FLOAT32) for network in networks.values()]
    monkeypatch.setattr(affordable, "measured", lambda network, n, *_, **__: n * prices[network.card.id])
    prices = {"pypi:tiny0": 0.001, "pypi:tiny1": predicted}
    asked: list[str] = []

    def seconds_now(one: Pass, *_: object) -> float:
        asked.append(one.network.card.id)
        return now

    monkeypatch.setattr(affordable, "seconds_now", seconds_now)
    kept, refused, _ = affordable.affordable(passes, synthetic.Held(["a"] * 100), Machine(None), 10.0)
    assert asked == (["pypi:tiny1"] if predicted > 0.1 else [])
    assert len(kept) + len(refused) == 2
    return [one.network.card.id for one in kept]


def test_what_the_cache_knows_costs_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    network = image_network("timm", "test_resnet", 32)
    inputs, cache = pictures(6), FeatureCache(tmp_path)
    one = Pass(network, min(network.card.input_sizes), precision=FLOAT32)
    machine = Machine(cache)
    assert affordable.unread_frac(one, keys_of(inputs.hashes), machine) == 1.0
    extract_all([one], inputs, cache=cache, rows=[0, 1, 2])
    assert affordable.unread_frac(one, keys_of(inputs.hashes), machine) == 0.5
    extract_all([one], inputs, cache=cache)
    cheap = Pass(image_network("timm", "test_vit", 32), 32, precision=FLOAT32)
    cheap.network.card = dataclasses.replace(cheap.network.card, id="pypi:other")
    monkeypatch.setattr(
        affordable, "measured", lambda asked, n, *_, **__: n * (9.0 if asked is network else 0.001)
    )
    asked: list[float] = []

    class Earlier(Experience):
        def passed_over(self, cards, costs):
            asked.extend(sorted(costs.values()))
            return []

    kept, refused, _ = affordable.affordable([one, cheap], inputs, machine, 1.0, Earlier())
    assert len(kept) == 2
    assert not refused
    assert asked == pytest.approx([0.006, 54.0]), (
        "what earlier runs say goes by the whole price, cached or not"
    )


@pytest.mark.parametrize(("predicted", "now", "read"), [(3.0, 0.01, 2), (3.0, 3.0, 1), (0.01, 3.0, 2)])
def test_what_seems_too_dear_is_tried_on_a_few_examples_first(
    predicted: float, now: float, read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(priced(monkeypatch, predicted, now)) == read


def test_a_second_thought_reads_some_examples_and_no_more_where_one_is_slow() -> None:
    one, inputs = Pass(image_network("timm", "test_resnet", 32), 32, precision=FLOAT32), pictures(50)
    assert second_thought.seconds_now(one, inputs, 1, math.inf) > 0
    assert second_thought.seconds_now(one, inputs, 1, 0.0) > 0
    assert len(inputs.reads) == 1 + second_thought.FEW + 1


@pytest.mark.parametrize(("text", "share"), [("a" * 24, 8 / 64), ("a" * 10_000, 1.0)])
def test_a_short_text_fills_a_part_of_the_input(text: str, share: float) -> None:
    assert fullness(token_lengths(synthetic.Held((text,) * 10)), 64) == pytest.approx(share)
    assert fullness(token_lengths(pictures(2)), 64) == 1.0
