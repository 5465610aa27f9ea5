"""Runs learn from earlier ones: kept by themselves, heard where alike, never where rows are shared."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from headstart.core.watch import Silent
from headstart.recipes.explain import explain
from headstart.recipes.opening import opened
from headstart.recipes.rank import rank
from headstart.recipes.remembering import recall
from headstart.recipes.settings import FitSettings
from headstart.recipes.transfer import transfer
from headstart.store import Store
from tests.photos import photos
from tests.recipes.test_story import SOURCE

ROWS = 7  # a class: too few to tune, so a run takes seconds


def settings(data: Path, out: Path, **more) -> FitSettings:
    return FitSettings(data=str(data), source=(SOURCE,), out=str(out), threads=1, preset="fast", **more)


def model_bytes(run) -> dict[str, str]:
    files = (path for path in (run.folder / "model").rglob("*") if path.is_file())
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Two alike tasks, one run on each, then the first once more."""
    place = tmp_path_factory.mktemp("remembering")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEADSTART_HOME", str(place / "home"))
        data = [photos(place / f"stripes{k}", k, ROWS) for k in (0, 1)]
        first = transfer(settings(data[0], place / "first"), Silent())
        again = transfer(settings(data[0], place / "again"), Silent())
        other = transfer(settings(data[1], place / "other"), Silent())
        yield place, data, first, again, other


def test_a_run_is_kept_by_itself_with_what_later_ones_want_to_know(world):
    _, _, first, _, _ = world
    kept = Store().get("run-stripes0", 1)
    assert {"run.json", "report.html", "rows.safetensors", "model/model.json"} <= {f.path for f in kept.files}
    memory = kept.card["memory"]
    assert memory["traits"]["n"] == 2 * ROWS
    assert memory["sources"][SOURCE]["share"] == pytest.approx(1.0)
    assert memory["fingerprint"] == first.record.task.fingerprint
    assert "test" not in json.dumps(memory)


def test_the_same_run_again_gives_the_same_bytes_though_its_first_is_in_the_store(world):
    _, _, first, again, _ = world
    assert again.record.earlier == first.record.earlier == ()
    assert model_bytes(again) == model_bytes(first)
    assert Store().get("run-stripes0").version == 2


def test_a_run_on_an_alike_task_speaks_and_is_named_as_a_parent(world):
    *_, other = world
    (spoke,) = other.record.earlier  # of two runs on the same data the newest
    kept = Store().get("run-stripes0", 2)
    assert (spoke.id, spoke.sha256) == (kept.id, kept.sha256)
    assert other.record.lineage.parents == (kept.sha256,)
    assert "1 of 1 similar runs in your store" in other.record.ranking[0].reason
    assert f"run {kept.id}" in {parent.label for parent in Store().get("run-stripes1").parents}
    said = "on similar data (run-stripes0@2)"
    assert said in " ".join(explain(str(other.folder)).text.split())
    assert said in (other.folder / "report.html").read_text()


def test_rank_hears_them_too(world):
    place, data, *_ = world
    found = rank(settings(data[1], place / "unused"), Silent())
    assert [run.id for run in found.earlier] == ["run-stripes0@2"]  # its own run has its rows


def test_a_run_whose_rows_are_in_the_test_data_is_left_out(world):
    place, data, *_ = world
    fresh = photos(place / "stripes2", 2, ROWS)
    heard = recall(settings(fresh, place / "unused"), opened(settings(fresh, place / "unused")))
    assert {run.id for run in heard.experience.said} == {"run-stripes0@2", "run-stripes1@1"}
    with_test = settings(fresh, place / "unused", test=str(data[0]))
    heard = recall(with_test, opened(with_test))
    assert {run.id for run in heard.experience.said} == {"run-stripes1@1"}


def test_with_no_remember_nothing_is_kept_and_nothing_is_heard(world):
    place, data, _, _, other = world
    before = Store().ls()
    run = transfer(settings(data[1], place / "silent", remember=False), Silent())
    assert Store().ls() == before
    assert run.record.earlier == ()
    assert other.record.earlier != ()


def test_a_private_run_keeps_no_model_and_no_picture(world):
    place, _, *_ = world
    fresh = photos(place / "secret", 3, ROWS)
    transfer(settings(fresh, place / "private", private=True, store=str(place / "vault")), Silent())
    kept = Store(place / "vault").get("run-secret")
    assert {file.path for file in kept.files} == {
        "evidence.parquet", "log.jsonl", "report.html", "rows.safetensors", "run.json"
    }  # fmt: skip
    assert b"data:image" not in Store(place / "vault").read_file(kept, "report.html")


def test_a_damaged_store_is_a_finding_and_the_run_is_done(world, tmp_path):
    _, data, *_ = world
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "meta.db").write_bytes(b"no database, certainly not " * 99)
    run = transfer(settings(data[1], tmp_path / "run", store=str(tmp_path / "store")), Silent())
    codes = [finding.code for finding in run.record.findings]
    assert {"HS-R20", "HS-R21"} <= set(codes)
    assert json.loads((tmp_path / "run" / "run.json").read_text())["findings"][0]["code"] in codes
    assert (tmp_path / "run" / "model" / "model.json").exists()
