"""What the doctor says of timed probes, and that deleting their folder has them taken again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from headstart.recipes.timings import timings
from headstart.sources import machine, precision
from tests.sources.tiny import image_network

FAST = {"float32_s": 0.03, "bfloat16_s": 0.01, "correlation": 0.999}
SLOW = {"float32_s": 0.01, "bfloat16_s": 0.01, "correlation": 0.999}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEADSTART_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_the_choice_its_gain_and_its_day_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    assert timings().detail == "nothing has been timed yet"
    monkeypatch.setattr(precision, "timed", lambda *_: FAST)
    precision.probe(image_network("timm", "test_resnet", 32), 32, threads=1)
    steps = {"what": "step precision", "architecture": "a/vit", "parameters": 10**6, "cut": 3, "size": 96}
    machine.remember({**steps, "threads": 2}, lambda: {"float32": 1.2, "bfloat16": 1.0})
    said = timings().detail
    assert "read in bfloat16: tiny 0.0 M at 32 (3.0 on 1)" in said
    assert "tuned in float32: vit 1.0 M from block 3 at 96 (1.2 on 2)" in said
    assert machine.kept()[0].taken.date().isoformat() in said


def test_what_the_remedy_says_has_the_probe_taken_again(monkeypatch: pytest.MonkeyPatch) -> None:
    network = image_network("timm", "test_resnet", 32)
    for measured, chosen in ((FAST, "bfloat16"), (SLOW, "bfloat16")):
        monkeypatch.setattr(precision, "timed", lambda *_, measured=measured: measured)
        assert precision.choose(network, 32, threads=1).dtype == chosen
    assert f"delete {machine.folder()}" in timings().remedy
    shutil.rmtree(machine.folder())
    assert precision.choose(network, 32, threads=1).dtype == "float32"


def test_damaged_and_foreign_measurements_are_passed_over() -> None:
    machine.folder().mkdir(parents=True)
    (machine.folder() / "a.json").write_text("{")
    (machine.folder() / "b.json").write_text('{"facts": {"what": "precision"}, "measured": {}}')
    machine.remember({"what": "precision"}, lambda: {"float32_s": 1.0})
    machine.remember({"what": "speed", "threads": 2}, lambda: {"gmacs_per_s": 1.0})
    assert timings().detail == "nothing has been timed yet"
    assert len(machine.kept()) == 2
