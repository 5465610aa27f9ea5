"""The number format of a step is decided once per machine, and only changed where it pays."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import torch

from headstart.sources import bfloat16
from headstart.training.step_precision import choose
from tests import tiny_networks


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADSTART_HOME", str(tmp_path))
    monkeypatch.setattr(bfloat16, "timed", lambda: {"convolution": 2.0, "linear": 2.0})


def pause(slow: torch.dtype) -> object:
    return lambda dtype: time.sleep(0.02 if dtype is slow else 0.001)


def test_the_faster_format_is_taken_and_remembered():
    network = tiny_networks.images()
    assert choose(network, 1, 8, pause(torch.float32)) is torch.bfloat16
    assert choose(network, 1, 8, pause(torch.bfloat16)) is torch.bfloat16  # the first answer stands


def test_float32_stays_where_nothing_is_gained():
    assert choose(tiny_networks.images(), 1, 8, lambda dtype: time.sleep(0.005)) is torch.float32


def test_a_format_that_is_clearly_slower_costs_one_step():
    taken = []

    def step(dtype: torch.dtype) -> None:
        taken.append(dtype)
        time.sleep(0.05 if dtype is torch.bfloat16 else 0.001)

    assert choose(tiny_networks.images(), 1, 8, step) is torch.float32
    assert taken.count(torch.bfloat16) == 1


def test_a_processor_that_is_slower_in_bfloat16_takes_no_step_to_find_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bfloat16, "timed", lambda: {"convolution": 0.1, "linear": 0.2})
    assert choose(tiny_networks.images(), 1, 8, lambda _: pytest.fail("a step")) is torch.float32
