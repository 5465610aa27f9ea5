"""The number format of a step is decided once per machine, and only changed where it pays."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import torch

from headstart.training.step_precision import choose
from tests import tiny_networks


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADSTART_HOME", str(tmp_path))


def pause(slow: torch.dtype) -> object:
    return lambda dtype: time.sleep(0.02 if dtype is slow else 0.001)


def test_the_faster_format_is_taken_and_remembered():
    network = tiny_networks.images()
    assert choose(network, 1, 8, pause(torch.float32)) is torch.bfloat16
    assert choose(network, 1, 8, pause(torch.bfloat16)) is torch.bfloat16  # the first answer stands


def test_float32_stays_where_nothing_is_gained():
    assert choose(tiny_networks.images(), 1, 8, lambda dtype: time.sleep(0.005)) is torch.float32
