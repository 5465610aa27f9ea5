import pytest
from pictures import folder

from headstart import data
from headstart.core.errors import DataError

OPTIONS = data.LoadOptions(classes=("a", "b", "c"))


def test_test_data_may_hold_one_class_and_one_row(tmp_path):
    task = data.load(folder(tmp_path, {"b": 1}), OPTIONS)
    assert (task.classes, task.targets.tolist(), task.notes) == (("a", "b", "c"), [1], ())


def test_a_class_that_is_not_known_is_refused_with_its_place(tmp_path):
    with pytest.raises(DataError, match=r"bb/000.png: 'bb' is not one of the 3 classes"):
        data.load(folder(tmp_path, {"a": 2, "bb": 1}), OPTIONS)


def test_a_spelling_of_a_known_class_is_refused_or_merged(tmp_path):
    folder(tmp_path, {"A": 2, "b": 1})
    with pytest.raises(DataError, match="It differs from 'a' by case"):
        data.load(tmp_path, OPTIONS)
    merged = data.load(tmp_path, data.LoadOptions(classes=("a", "b", "c"), normalize_labels=True))
    assert merged.targets.tolist() == [0, 0, 1]
    assert [note.code for note in merged.notes] == ["HS-D31"]


def test_values_of_a_known_regression_may_all_be_alike(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("text,label\nsome words here,0.5\nother words here,0.5\n")
    task = data.load(path, data.LoadOptions(classes=(), label="label", text="text"))
    assert (task.kind, task.targets.tolist()) == ("regression", [0.5, 0.5])


def test_labels_in_python_are_read_as_the_classes_of_a_model():
    task = data.from_arrays(["one text", "two texts"], ["c", "c"], classes=("a", "b", "c"))
    assert (task.classes, task.targets.tolist()) == (("a", "b", "c"), [2, 2])
    with pytest.raises(DataError, match="'d' is not one of the 3 classes"):
        data.from_arrays(["one text", "two texts"], ["c", "d"], classes=("a", "b", "c"))
    assert data.from_arrays(["one text"], [0.5], classes=()).kind == "regression"
