import os

import numpy as np
import pytest
from pictures import folder, photo

from headstart import data
from headstart.core.errors import DataError
from headstart.core.kinds import Kind, Modality
from headstart.data import survey


def codes(task):
    return {note.code for note in task.notes}


def test_a_folder_per_class_is_a_task(tmp_path):
    task = data.load(folder(tmp_path / "d", {"cat": 4, "dog": 3}), seed=5)
    assert (task.modality, task.kind, task.classes) == (Modality.IMAGE, Kind.CLASSIFICATION, ("cat", "dog"))
    assert task.targets.tolist() == [0, 0, 0, 0, 1, 1, 1]
    assert task.inputs.ids[0] == "cat/000.png"
    assert task.inputs.locate(4) == (tmp_path / "d/dog/000.png").as_posix()
    assert (task.seed, task.metric, task.name) == (5, "accuracy", "d")
    assert task.inputs.read(0).mode == "RGB"


def test_classes_of_more_than_three_to_one_are_scored_alike(tmp_path):
    assert data.load(folder(tmp_path / "d", {"a": 7, "b": 2})).metric == "balanced_accuracy"


def test_folders_of_texts_are_told_by_their_content(tmp_path):
    for name in ("good", "bad"):
        (tmp_path / name).mkdir()
        for at in range(3):
            (tmp_path / name / f"{at}.dat").write_text(f"text {at} that is {name}")
    task = data.load(tmp_path)
    assert task.modality is Modality.TEXT
    assert task.inputs.read(0) == "text 0 that is bad"


def test_other_encodings_of_texts_are_read_and_said(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "plain.txt").write_text(f"straightforward {name}")
        (tmp_path / name / "utf16.txt").write_text(f"größer {name}", encoding="utf-16")
        (tmp_path / name / "west.txt").write_bytes(f"größer und größer {name}".encode("cp1252"))
        (tmp_path / name / "mark.txt").write_text(f"größer als {name}", encoding="utf-8-sig")
    task = data.load(tmp_path)
    assert {task.inputs.read(row) for row in range(4)} == {
        "straightforward a", "größer a", "größer und größer a", "größer als a"
    }  # fmt: skip
    assert "HS-D32" in codes(task)


def bad_files(where):
    """One of each sort of bad file, and the code that it is reported under."""
    photo(99).save(where / "whole.jpg")
    (where / "truncated.jpg").write_bytes((where / "whole.jpg").read_bytes()[:700])
    (where / "empty.png").write_bytes(b"")
    (where / "letter.jpg").write_text("Dear all, this is not a photo.")
    (where / "noise.png").write_bytes(bytes(range(256)) * 4)
    (where / "header.png").write_bytes((where / "000.png").read_bytes()[:40])
    (where / "whole.jpg").unlink()
    return {"truncated.jpg": "HS-D22", "empty.png": "HS-D22", "header.png": "HS-D22",
            "letter.jpg": "HS-D23", "noise.png": "HS-D23"}  # fmt: skip


def test_bad_files_among_many_are_left_out_and_said(tmp_path):
    folder(tmp_path, {"a": 6, "b": 6})
    expected = bad_files(tmp_path / "a")
    task = data.load(tmp_path)
    assert len(task) == 12
    for name, code in expected.items():
        note = next(note for note in task.notes if note.code == code)
        assert (tmp_path / "a" / name).as_posix() in note.where
        assert note.remedy
        assert note.applied


def test_whole_files_make_no_finding(tmp_path):
    assert data.load(folder(tmp_path, {"a": 3, "b": 3})).notes == ()


def test_mostly_bad_files_are_refused(tmp_path):
    folder(tmp_path, {"a": 2, "b": 2})
    for at in range(6):
        (tmp_path / "a" / f"bad{at}.jpg").write_bytes(b"")
    with pytest.raises(DataError, match="6 of 10 files cannot be used"):
        data.load(tmp_path)


def test_a_pipe_in_the_folder_does_not_make_it_wait(tmp_path):
    folder(tmp_path, {"a": 3, "b": 3})
    os.mkfifo(tmp_path / "a" / "pipe.png")
    assert [note.code for note in data.load(tmp_path).notes] == ["HS-D23"]


def test_an_unreadable_file_is_a_finding(tmp_path, monkeypatch):
    folder(tmp_path, {"a": 3, "b": 3})
    real = type(tmp_path).read_bytes

    def read_bytes(path):
        if path.name == "001.png" and path.parent.name == "a":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(type(tmp_path), "read_bytes", read_bytes)
    task = data.load(tmp_path)
    assert len(task) == 5
    assert "permission denied" in task.notes[0].detail


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda root: None, "an empty folder"),
        (lambda root: folder(root, {"only": 3}), "one class: 'only'"),
        (lambda root: photo(1).save(root / "a.png"), "1 files but no labels"),
        (lambda root: [(root / n).mkdir() for n in ("train", "test")], "are splits, not classes"),
        (lambda root: [(root / n).mkdir() for n in ("a", "b")], "no files"),
        (lambda root: folder(root, {"Cat": 2, "cat ": 3}), "is not one of the 1 classes"),
        (lambda root: folder(root, {"a": 1, "b": 1}), "a class of its own"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_with_a_remedy(tmp_path, make, message):
    make(tmp_path)
    with pytest.raises(DataError, match=message):
        data.load(tmp_path)


def test_a_path_that_does_not_exist_gets_near_names(tmp_path):
    (tmp_path / "photos").mkdir()
    with pytest.raises(DataError, match=r"Did you mean .*photos"):
        data.load(tmp_path / "fotos")


def test_a_class_with_one_example_is_a_finding(tmp_path):
    task = data.load(folder(tmp_path, {"a": 3, "b": 1}))
    assert codes(task) == {"HS-D30"}
    assert len(task) == 4


def test_sounds_are_refused_plainly(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "s.wav").write_bytes(b"RIFF\x24\0\0\0WAVEfmt " + bytes(40))
    with pytest.raises(DataError, match="sounds"):
        data.load(tmp_path)


def test_hidden_files_and_leftovers_are_no_data(tmp_path):
    folder(tmp_path, {"a": 2, "b": 2})
    (tmp_path / "a" / ".DS_Store").write_bytes(b"x")
    (tmp_path / "__MACOSX").mkdir()
    assert data.load(tmp_path).notes == ()


def test_the_fingerprint_is_of_content_and_labels_only(tmp_path):
    one = data.load(folder(tmp_path / "one", {"a": 3, "b": 3}))
    two = data.load(folder(tmp_path / "two", {"a": 3, "b": 3}))
    other = data.select(two, range(5))
    assert one.fingerprint == two.fingerprint != other.fingerprint


def test_the_survey_does_not_keep_pictures(tmp_path):
    photo(1, side=800).save(tmp_path / "a.png")
    seen = survey.image_file(tmp_path / "a.png")
    assert len(seen.thumbnail) == 256
    assert (seen.width, seen.format) == (800, "PNG")


def test_selecting_no_rows_is_refused(tmp_path):
    task = data.load(folder(tmp_path, {"a": 2, "b": 2}))
    with pytest.raises(DataError, match="no rows"):
        data.select(task, np.empty(0, dtype=int))
