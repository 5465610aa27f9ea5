"""What came from some data, and another name for what is kept, as the command line tells it."""

from __future__ import annotations

import json

import pytest

from headstart.cli.main import main
from headstart.data import load, seen_rows
from headstart.store import Parent, Store
from tests.photos import photos


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Photos; a run and a model made from all of them, another run from ones of its own."""
    monkeypatch.setenv("HEADSTART_HOME", str(tmp_path / "home"))
    for name, seed in (("photos", 0), ("others", 1)):
        task = load(photos(tmp_path / name, seed, 6))
        rows = tmp_path / f"{name}.safetensors"
        seen_rows.write(seen_rows.seen_rows(task.inputs), rows)
        made = [Parent(task.fingerprint, "data train")]
        Store().add({seen_rows.FILE: rows}, name=f"run-{name}", kind="run", parents=made)
    Store().add({}, name="model", kind="model", parents=["run-photos@1"])
    return tmp_path / "photos"


def said(capsys, *arguments, code: int = 0) -> str:
    assert main(["store", *arguments]) == code
    captured = capsys.readouterr()
    return captured.err if code else captured.out


def test_what_came_from_data_is_named_with_how_much_of_it_was_learned_from(data, capsys):
    told = said(capsys, "lineage", "--data", str(data))
    assert "run-photos@1 learned from 12 of the 12 examples" in told
    assert "model@1" in told
    assert "run-others" not in told
    document = json.loads(said(capsys, "lineage", "--data", str(data), "--json"))
    assert document["sharing"] == [{"object": "run-photos@1", "shared": 12, "of": 12}]
    assert {"nodes", "edges"} <= set(document)


def test_data_of_which_only_a_part_was_used_are_recognised(data, capsys):
    for photo in sorted((data / "along").iterdir())[:3]:
        photo.unlink()
    assert "run-photos@1 learned from 9 of the 9 examples" in said(capsys, "lineage", "--data", str(data))


def test_data_that_nothing_came_from_are_said_so(data, tmp_path, capsys):
    fresh = photos(tmp_path / "fresh", 9, 6)
    assert "nothing in the store was made from these data" in said(
        capsys, "lineage", "--data", str(fresh), code=2
    )


def test_lineage_wants_a_name_or_data_and_not_both(data, capsys):
    assert "NAME, or --data PATH" in said(capsys, "lineage", code=2)
    assert "NAME, or --data PATH" in said(capsys, "lineage", "model", "--data", str(data), code=2)


def test_a_promoted_object_has_another_name_and_is_held_once(data, capsys):
    assert "model@1 is product@1 too" in said(capsys, "promote", "model@1", "--name", "product")
    assert Store().get("product").sha256 == Store().get("model").sha256
    assert json.loads(said(capsys, "promote", "model", "--name", "product", "--json"))["version"] == 1
    assert "nobody" in said(capsys, "promote", "nobody", "--name", "product", code=2)
