"""A run and a model are told by their content, checked, and kept with what they were made from."""

import json
from hashlib import sha256

import numpy as np
import pytest
from pydantic_core import to_json

from headstart.cli.main import main
from headstart.core.errors import OutputError, SourceError, StoreError
from headstart.core.kinds import Kind, Modality
from headstart.recipes.storing import add, open_store
from headstart.serve import AdaptedModel, Signature, WeightedMember
from headstart.serve.folder import read, write
from headstart.when.controls.majority import Majority
from tests import records

DATA, SOURCE, OTHER = "d" * 64, "5" * 64, "6" * 64
RECORD = records.RECORD.model_copy(
    update={
        "task": records.RECORD.task.model_copy(update={"fingerprint": DATA}),
        "lineage": records.RECORD.lineage.model_copy(
            update={"data": {"train": DATA}, "sources": {"pypi:a": SOURCE, "pypi:b": OTHER}}
        ),
    }
)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HEADSTART_HOME", str(tmp_path / "home"))


@pytest.fixture
def run(tmp_path):
    """A run's folder with a model that is the majority."""
    signature = Signature(
        Modality.IMAGE, Kind.CLASSIFICATION, ("a", "b"), "accuracy", (0.5, 0.5), (0.0, 0.0), {}
    )
    member = WeightedMember(("control/majority",), 1.0, Majority(np.array([0.5, 0.5])))
    folder = tmp_path / "run"
    write(AdaptedModel(signature, [member], {"task": "photos", "fingerprint": DATA}), folder / "model")
    (folder / "run.json").write_bytes(to_json(RECORD, inf_nan_mode="null"))
    (folder / "report.html").write_text("<html>")
    (folder / "notes.txt").write_text("the user's own")
    return folder


def labels(kept):
    return {(parent.sha256, parent.label) for parent in kept.parents}


def test_a_run_is_kept_with_report_model_and_everything_it_looked_at(run):
    kept = add(str(run), name="photos")
    assert kept.kind.value == "run"
    assert [file.path for file in kept.files] == [
        "model/arrays.safetensors",
        "model/model.json",
        "report.html",
        "run.json",
    ]
    assert labels(kept) == {(DATA, "data train"), (SOURCE, "source pypi:a"), (OTHER, "source pypi:b")}
    assert kept.card["verdict"]["decision"] == "transfer"
    assert kept.card["how"]["seed"] == 0
    assert kept.card["cost"]["examples_per_s"] is None


def test_a_model_in_its_run_is_kept_with_the_runs_story_and_loads_from_the_store(run):
    kept = add(str(run / "model"), name="photos")
    assert (kept.kind.value, labels(kept)) == ("model", {(DATA, "data train")})
    assert kept.card["score"]["estimate"] == 0.85
    model = read(open_store().open_files(kept))
    assert model.classes == ("a", "b")


def test_a_model_that_another_run_made_does_not_get_this_ones_story(run):
    record = RECORD.model_copy(update={"task": RECORD.task.model_copy(update={"fingerprint": OTHER})})
    (run / "run.json").write_bytes(to_json(record, inf_nan_mode="null"))
    kept = add(str(run / "model"), name="photos")
    assert "verdict" not in kept.card
    assert labels(kept) == {(DATA, "data photos")}


def test_a_distilled_model_names_its_teacher(run, tmp_path):
    (run / "model").rename(tmp_path / "student")
    file = tmp_path / "student" / "model.json"
    document = json.loads(file.read_text())
    teacher = sha256(b"teacher").hexdigest()
    document["about"]["distilled_from"] = {"sha256": teacher, "networks": []}
    file.write_text(json.dumps(document))
    assert (teacher, "teacher") in labels(add(str(tmp_path / "student"), name="student"))


def test_a_damaged_model_is_not_kept(run):
    (run / "model" / "arrays.safetensors").write_bytes(b"other")
    for path in (run, run / "model"):
        with pytest.raises(OutputError, match="has changed"):
            add(str(path), name="photos")
    assert open_store().ls() == []


def test_a_folder_that_is_neither_is_refused(tmp_path):
    with pytest.raises(StoreError, match="neither a run, a model nor a source"):
        add(str(tmp_path), name="x")
    with pytest.raises(StoreError, match="nothing is there"):
        add(str(tmp_path / "gone"), name="x")
    with pytest.raises(SourceError, match="not in the catalogue"):
        add("pypi:nobody-has-this", name="x")
    assert open_store().ls() == []


def printed(capsys, *arguments, code=0):
    assert main(["store", *arguments]) == code
    return capsys.readouterr().out


def test_the_whole_story_on_the_command_line(run, capsys):
    assert "kept as photos@1" in printed(capsys, "add", str(run), "--name", "photos")
    (listed,) = json.loads(printed(capsys, "ls", "--json"))
    assert set(listed) == {"name", "version", "kind", "sha256", "created", "parents"}
    assert "photos@1" in printed(capsys, "ls")
    assert "report.html" in printed(capsys, "show", "photos")
    assert set(json.loads(printed(capsys, "lineage", "photos", "--json"))) == {"nodes", "edges"}
    assert "from data train" in printed(capsys, "lineage", "photos")
    assert printed(capsys, "verify").startswith("whole: 1 objects")
    assert "removed photos@1" in printed(capsys, "rm", "photos")
    assert "4 contents" in printed(capsys, "gc")
    assert "empty" in printed(capsys, "ls")


def test_rm_says_what_a_kept_run_still_holds(run, capsys):
    printed(capsys, "add", str(run), "--name", "photos")
    printed(capsys, "add", str(run / "model"), "--name", "photo-model")
    said = printed(capsys, "rm", "photo-model")
    assert "that frees nothing" in said
    assert "held by photos@1 too" in said
    assert "removed 0 contents" in printed(capsys, "gc")
    freed = json.loads(printed(capsys, "rm", "photos", "--json"))["left"]
    assert (freed["held_bytes"], freed["holders"]) == (0, [])
    assert freed["free_bytes"] == json.loads(printed(capsys, "gc", "--json"))["bytes"]


def test_verify_names_the_damage_and_exits_2(run, capsys):
    kept = add(str(run), name="photos")
    blob = open_store().layout.blob(kept.files[-1].sha256)
    blob.unlink()
    said = printed(capsys, "verify", code=2)
    assert "damaged: run.json of photos@1" in said
    assert "found nothing" in said
    (damage,) = json.loads(printed(capsys, "verify", "--json", code=2))["damaged"]
    assert damage["objects"] == ["photos@1"]


def test_another_store_is_another_folder(run, tmp_path, capsys):
    printed(capsys, "add", str(run), "--name", "photos", "--store", str(tmp_path / "other"))
    assert "empty" in printed(capsys, "ls")
    assert "photos@1" in printed(capsys, "ls", "--store", str(tmp_path / "other"))


def test_a_run_travels_to_another_store(run, tmp_path, capsys):
    printed(capsys, "add", str(run), "--name", "photos")
    archive, other = str(tmp_path / "photos.tar"), str(tmp_path / "other")
    assert "written photos@1" in printed(capsys, "export", "photos", "--out", archive)
    assert "kept as photos@1" in printed(capsys, "import", archive, "--store", other)
    assert printed(capsys, "ls", "--store", other).split()[5] == "photos@1"
