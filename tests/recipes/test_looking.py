"""The look leaves out sources that could not help, before any label speaks."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest
import torch
from torch import nn

from headstart.core.errors import MachineError
from headstart.core.kinds import Modality
from headstart.core.watch import Silent
from headstart.recipes.looking import UNTRAINED, look_at, machine, shared_folds
from headstart.recipes.settings import FitSettings
from headstart.when.controls import controls, kernels
from tests import synthetic
from tests.tiny_networks import TinyTexts


class Reader(TinyTexts):
    """A network of texts that the look can read; `noise` replaces what it sees."""

    def __init__(self, name: str, width: int, *, noise: bool = False) -> None:
        torch.manual_seed(0)
        layers = [nn.Embedding(32, width), nn.Linear(width, width), nn.LayerNorm(width)]
        super().__init__(layers, Modality.TEXT, 8)
        self.card = replace(self.card, id=name)
        self.taps = (replace(self.taps[0], width=width),)
        self.noise = np.random.default_rng(0) if noise else None

    preprocessing: ClassVar[dict[str, str]] = {}

    def prepare(self, example: str, size: int) -> str:
        return example

    def preparation(self, size: int) -> tuple[str, int]:
        return ("text", size)

    def padded(self, prepared: str, size: int) -> int:
        return size

    def samples(self, n: int, size: int) -> list[str]:
        return ["w1 w2 w3"] * n

    def assemble(self, prepared, *, flip: bool = False):
        return self.batch(prepared, 8)

    def to(self, device: str) -> Reader:
        return self

    def read(self, batch):
        features = super().read(batch)
        if self.noise is None:
            return features
        return {name: torch.from_numpy(self.noise.normal(size=x.shape).astype(np.float32))
                for name, x in features.items()}  # fmt: skip


@pytest.fixture
def looked(tmp_path, monkeypatch):
    """A look through a network that sees, one that is blind, one that was never trained."""
    monkeypatch.setenv("HEADSTART_HOME", str(tmp_path))
    task = replace(synthetic.task(synthetic.balanced(60, 2)), classes=("0", "1"))  # no names to read
    settings = FitSettings(data="x", threads=1)
    folds = shared_folds(task, settings)
    sees, blind = Reader("file:sees", 8), Reader("file:blind", 8, noise=True)  # too small to be judged raw
    networks = {net.card.id: net for net in (sees, blind, Reader("file:raw", 48))}
    plain = kernels(controls(task, folds, Silent()))
    return look_at(task, networks, folds, settings, Silent(), plain=plain)


def test_blind_and_untrained_sources_are_left_out_with_the_reason(looked):
    assert set(looked.left_out) == {"file:blind", "file:raw"}
    assert looked.left_out["file:raw"] == UNTRAINED
    assert "nothing to do with what the examples contain" in looked.left_out["file:blind"]


def test_the_one_that_sees_is_probed_and_known_to_be_sound(looked):
    assert {probe.reading.card.id for probe in looked.look.probes} == {"file:sees"}
    assert looked.look.standing["file:sees"].is_sound


def test_the_ranking_tells_of_those_left_out(looked):
    assert looked.look.ranking[0].source == "file:sees"
    assert all(line.reason.startswith("left out: ") for line in looked.look.ranking[1:])


@pytest.mark.skipif(torch.cuda.is_available(), reason="needs a machine without CUDA")
def test_a_device_that_is_not_there_is_refused_as_the_machines_fault():
    with pytest.raises(MachineError, match="no cuda device here"):
        machine(FitSettings(data="x", device="cuda"))
    assert machine(FitSettings(data="x", device="cpu")).device == "cpu"
