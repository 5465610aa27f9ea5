import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import photo

from headstart import data
from headstart.core.errors import DataError
from headstart.core.kinds import Kind, Modality
from headstart.data import arff

ROWS = [
    ("a very good film", "pos"),
    ("a very bad film", "neg"),
    ("what a joy to see", "pos"),
    ("so dull", "neg"),
]


def csv_of(rows=ROWS, header="review,label", delimiter=","):
    lines = [header.replace(",", delimiter)] + [delimiter.join(map(str, row)) for row in rows]
    return "\n".join(lines) + "\n"


def write(tmp_path, content, name="reviews.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_text(content, encoding=encoding)
    return path


def codes(task):
    return [note.code for note in task.notes]


def texts(task):
    return [task.inputs.read(row) for row in range(len(task))]


def test_a_csv_of_texts_is_a_task_and_guesses_are_said(tmp_path):
    path = write(tmp_path, csv_of())
    task = data.load(path)
    assert (task.modality, task.classes) == (Modality.TEXT, ("neg", "pos"))
    assert texts(task) == [text for text, _ in ROWS]
    assert task.inputs.locate(1) == f"{path}, row 3"
    assert codes(task) == ["HS-D20"]


def test_named_columns_are_no_guess(tmp_path):
    options = data.LoadOptions(label="label", text="review")
    assert codes(data.load(write(tmp_path, csv_of()), options)) == []


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_delimiters_are_found(tmp_path, delimiter):
    rows = [(text.replace(" ", ", "), label) for text, label in ROWS]
    assert texts(data.load(write(tmp_path, csv_of(rows, delimiter=delimiter)))) == [text for text, _ in rows]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_other_encodings_are_read_and_said(tmp_path, encoding):
    rows = [(f"größer als {text}", label) for text, label in ROWS]
    task = data.load(write(tmp_path, csv_of(rows), encoding=encoding))
    assert texts(task) == [text for text, _ in rows]
    assert "HS-D32" in codes(task)


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1252", "größer als älter"),
        ("cp1251", "Это очень хороший фильм"),
        ("shift_jis", "これは良い映画です、とても"),
        ("gb18030", "这是一部非常好的电影"),
        ("euc_kr", "이 영화는 정말 좋았습니다"),
    ],
)
def test_common_encodings_are_told_apart(tmp_path, encoding, words):
    rows = [(f"{words} {at} {words}", "ab"[at % 2]) for at in range(20)]
    assert texts(data.load(write(tmp_path, csv_of(rows), encoding=encoding))) == [text for text, _ in rows]


def test_the_same_rows_in_every_form_are_the_same_task(tmp_path):
    import pandas as pd

    frame = pd.DataFrame(ROWS, columns=["review", "label"])
    frame.to_parquet(tmp_path / "t.parquet")
    frame.to_csv(tmp_path / "t.tsv", sep="\t", index=False)
    write(tmp_path, "".join(json.dumps({"review": a, "label": b}) + "\n" for a, b in ROWS), "t.jsonl")
    header = "@relation r\n@attribute review string\n@attribute 'label' {neg,pos}\n@data\n"
    write(tmp_path, header + "".join(f"'{a}',{b}\n" for a, b in ROWS), "t.arff")
    prints = {
        data.load(tmp_path / f"t{form}").fingerprint for form in (".parquet", ".tsv", ".jsonl", ".arff")
    }
    assert prints == {data.load(write(tmp_path, csv_of())).fingerprint}


def test_a_table_of_image_paths_is_relative_to_its_folder(tmp_path):
    (tmp_path / "img").mkdir()
    lines = ["file,label"]
    for at in range(6):
        photo(at).save(tmp_path / "img" / f"{at}.png")
        lines.append(f"img/{at}.png,{'ab'[at % 2]}")
    lines.append("img/none.png,a")
    write(tmp_path, "\n".join(lines), "labels.csv")
    for where in (tmp_path / "labels.csv", tmp_path):
        task = data.load(where)
        assert (task.modality, len(task)) == (Modality.IMAGE, 6)
        assert task.inputs.ids[0] == "img/0.png"
        assert "row 8: img/none.png" in next(n for n in task.notes if n.code == "HS-D25").where[0]


def test_a_missing_column_gets_near_names(tmp_path):
    with pytest.raises(DataError, match="Did you mean 'label'"):
        data.load(write(tmp_path, csv_of()), data.LoadOptions(label="lable"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "empty file"),
        ("review,label\n", "no rows"),
        (csv_of([(text, "") for text, _ in ROWS]), "none of the 4 rows has a label"),
        (csv_of([(text, "pos") for text, _ in ROWS]), "one class: 'pos'"),
        ("x,y\n1,2\n3,4\n", "does not handle tables of numbers"),
        ("review,review\na b c,d\n", "2 columns are called"),
        (csv_of([(*row, "extra") for row in ROWS]), r"row 2: 3 cells where the header has 2"),
        ("review\n" + "some words here\n" * 9, "no column looks like a label"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(tmp_path, content, message):
    with pytest.raises(DataError, match=message):
        data.load(write(tmp_path, content))


def test_a_few_ragged_rows_are_a_finding_with_their_numbers(tmp_path):
    path = write(tmp_path, csv_of(ROWS * 10) + "broken, row, here\n")
    task = data.load(path)
    note = next(note for note in task.notes if note.code == "HS-D28")
    assert (len(task), note.where) == (40, (f"{path}, row 42",))


def test_rows_without_label_are_left_out_and_said(tmp_path):
    task = data.load(write(tmp_path, csv_of([*ROWS, ("who knows what", "")])))
    assert len(task) == 4
    assert "HS-D26" in codes(task)


def test_labels_that_differ_only_in_case_or_blanks_are_refused_with_their_row(tmp_path):
    rows = [("a leaf of green", "healthy")] * 3 + [("a leaf of brown", "scab"), ("a leaf again", "Healthy ")]
    path = write(tmp_path, csv_of(rows))
    with pytest.raises(DataError) as refused:
        data.load(path)
    assert str(refused.value) == (
        f"{path}, row 6: 'Healthy ' is not one of the 2 classes ('healthy', 'scab').\n"
        "  It differs from 'healthy' by case and a trailing blank. "
        "Correct the data, or pass --normalize-labels."
    )


def test_normalizing_merges_labels_and_says_so(tmp_path):
    rows = [("a leaf of green", "healthy")] * 3 + [("a leaf of brown", "scab"), ("a leaf again", "Healthy ")]
    task = data.load(write(tmp_path, csv_of(rows)), data.LoadOptions(normalize_labels=True))
    assert task.classes == ("healthy", "scab")
    assert "HS-D31" in codes(task)


def test_many_measured_numbers_are_a_regression_and_infinite_ones_are_left_out(tmp_path):
    rows = [(f"text number {at}", at / 7) for at in range(30)] + [
        ("odd text here", "inf"),
        ("another", "nan"),
    ]
    task = data.load(write(tmp_path, csv_of(rows)))
    assert (task.kind, task.metric, len(task), task.classes) == (Kind.REGRESSION, "neg_rmse", 30, ())
    assert {"HS-D21", "HS-D27"} <= set(codes(task))


def test_words_in_a_regression_are_refused_with_their_row(tmp_path):
    path = write(tmp_path, csv_of())
    with pytest.raises(DataError, match="row 2: 'pos' is not a number"):
        data.load(path, data.LoadOptions(kind=Kind.REGRESSION))


def test_no_finite_target_is_refused(tmp_path):
    rows = [(f"text number {at}", "inf") for at in range(9)]
    with pytest.raises(DataError, match="0 distinct finite targets"):
        data.load(write(tmp_path, csv_of(rows)), data.LoadOptions(kind=Kind.REGRESSION))


def test_the_groups_column_and_duplicates_join(tmp_path):
    rows = [(*ROWS[0], 1), (*ROWS[1], 2), (*ROWS[2], 1), (ROWS[1][0], "neg", 3), (*ROWS[3], 4)]
    path = write(tmp_path, csv_of(rows, "review,label,patient"))
    groups = data.load(path, data.LoadOptions(groups="patient")).groups
    assert groups.tolist() == [0, 1, 0, 1, 2]


def test_empty_texts_are_left_out_and_said(tmp_path):
    task = data.load(write(tmp_path, csv_of([*ROWS, (" ", "pos")])))
    assert len(task) == 4
    assert "HS-D29" in codes(task)


@pytest.mark.parametrize("name", ["t.parquet", "t.csv"])
def test_a_file_of_another_format_is_refused(tmp_path, name):
    (tmp_path / name).write_bytes(b"\x00\x01\x02" * 100)
    with pytest.raises(DataError):
        data.load(tmp_path / name)


def test_an_unknown_suffix_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(DataError, match=r"\.xlsx.*\.csv"):
        data.load(write(tmp_path, "x", "t.xlsx"))


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\r\n\0"), max_size=20),
        min_size=1,
        max_size=5,
    )
)
def test_quoted_arff_cells_survive(cells):
    line = ",".join("'" + cell.replace("\\", "\\\\").replace("'", "\\'") + "'" for cell in cells)
    assert arff.cells_of(line) == cells


def test_predicting_ignores_labels_and_takes_flat_folders(tmp_path):
    inputs = data.read_inputs(write(tmp_path, csv_of()), Modality.TEXT)
    assert inputs.read(0) == ROWS[0][0]
    flat = tmp_path / "flat"
    flat.mkdir()
    for at in range(3):
        photo(at).save(flat / f"{at}.png")
    assert data.read_inputs(flat, Modality.IMAGE).ids == ("0.png", "1.png", "2.png")
    assert len(data.read_inputs(flat / "0.png", Modality.IMAGE)) == 1
    assert len(data.read_inputs([flat / "0.png", flat / "2.png"], Modality.IMAGE)) == 2
    with pytest.raises(DataError, match="takes"):
        data.read_inputs(tmp_path / "reviews.csv", Modality.IMAGE)


def test_arrays_and_lists_are_tasks():
    images = [photo(at) for at in range(6)]
    task = data.from_arrays(images, [True, False] * 3, groups=[0, 0, 1, 1, 2, 2])
    assert (task.modality, task.classes) == (Modality.IMAGE, ("False", "True"))
    assert task.groups.tolist() == [0, 0, 1, 1, 2, 2]
    values = data.from_arrays(images, np.linspace(0, 1, 6), kind="regression")
    assert values.targets.dtype == np.float64
    with pytest.raises(DataError, match="6 examples but 5 labels"):
        data.from_arrays(images, [0] * 5)
    with pytest.raises(DataError, match="rows of numbers"):
        data.from_arrays([1.0, 2.0], [0, 1])
