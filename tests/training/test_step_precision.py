"""The number format of a step is decided once per machine, and only changed where it pays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from headstart.sources import bfloat16
from headstart.training import step_precision
from headstart.training.step_precision import choose
from tests import tiny_networks
from tests.clock import Clock


@pytest.fixture(autouse=True)
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clock:
    monkeypatch.setenv("HEADSTART_HOME", str(tmp_path))
    monkeypatch.setattr(bfloat16, "timed", lambda: {"convolution": 2.0, "linear": 2.0})
    clock = Clock()
    monkeypatch.setattr(step_precision, "time", clock)
    return clock


def pause(clock: Clock, slow: torch.dtype) -> Callable[[torch.dtype], None]:
    return lambda dtype: clock.sleep(20.0 if dtype is slow else 1.0)


def test_the_faster_format_is_taken_and_remembered(clock: Clock):
    network = tiny_networks.images()
    assert choose(network, 1, 8, pause(clock, torch.float32)) is torch.bfloat16
    assert choose(network, 1, 8, pause(clock, torch.bfloat16)) is torch.bfloat16  # the first answer stands


def test_float32_stays_where_nothing_is_gained(clock: Clock):
    assert choose(tiny_networks.images(), 1, 8, lambda dtype: clock.sleep(5.0)) is torch.float32


def test_a_format_that_is_clearly_slower_costs_one_step(clock: Clock):
    taken = []

    def step(dtype: torch.dtype) -> None:
        taken.append(dtype)
        clock.sleep(50.0 if dtype is torch.bfloat16 else 1.0)

    assert choose(tiny_networks.images(), 1, 8, step) is torch.float32
    assert taken.count(torch.bfloat16) == 1


def test_a_processor_that_is_slower_in_bfloat16_takes_no_step_to_find_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bfloat16, "timed", lambda: {"convolution": 0.1, "linear": 0.2})
    assert choose(tiny_networks.images(), 1, 8, lambda _: pytest.fail("a step")) is torch.float32
