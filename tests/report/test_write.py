"""What `write_run` leaves in a run's folder."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from headstart.core.errors import MachineError, OutputError
from headstart.core.evidence import Evidence
from headstart.report import read_run, write_run
from headstart.report.whole_file import write_text, write_whole
from tests.report import examples, tasks


@pytest.fixture(scope="module")
def image_task():
    return tasks.task_for(examples.image_run(), tasks.pictures(100, side=64))


def test_a_run_leaves_its_three_files_and_no_other(tmp_path, image_task):
    folds = tasks.folds_for(image_task)
    write_run(
        tmp_path / "run", examples.image_run(), [tasks.evidence_for(image_task, folds)], image_task, folds
    )
    assert sorted(p.name for p in (tmp_path / "run").iterdir()) == [
        "evidence.parquet",
        "report.html",
        "run.json",
    ]


def test_the_record_reads_back_as_it_was_written(tmp_path, image_task):
    folds = tasks.folds_for(image_task)
    for build in (examples.image_run, examples.text_run, examples.regression_run):
        run = build()
        write_run(tmp_path, run, [], image_task, folds)
        assert read_run(tmp_path) == run
        assert next(iter(json.loads((tmp_path / "run.json").read_text()))) == "schema_version"


def test_a_number_that_is_not_finite_is_null_in_the_json_and_nan_again_when_read(tmp_path, image_task):
    run = examples.bare_run()
    write_run(tmp_path, run, [], image_task, tasks.folds_for(image_task))
    text = (tmp_path / "run.json").read_text()
    assert "NaN" not in text
    assert json.loads(text)["verdict"]["interval"]["low"] is None
    assert np.isnan(read_run(tmp_path).verdict.interval.low)


def test_evidence_has_a_row_per_prediction_that_was_made(tmp_path, image_task):
    folds = tasks.folds_for(image_task)
    whole, part = tasks.evidence_for(image_task, folds, "a"), tasks.evidence_for(image_task, folds, "b")
    values = part.predictions.copy()
    values[1] = np.nan
    values[0, folds.assignment[0] > 0] = np.nan
    evidence = [whole, Evidence(part.candidate, values)]
    write_run(tmp_path, examples.image_run(), evidence, image_task, folds)
    table = pq.read_table(tmp_path / "evidence.parquet")
    assert table.column_names == [
        "example_id",
        "candidate",
        "repeat",
        "fold",
        "truth",
        "prediction",
        "p_defect",
        "p_sound",
    ]
    frame = table.to_pandas()
    assert (frame.candidate == "a").sum() == 200
    assert (frame.candidate == "b").sum() == (folds.assignment[0] == 0).sum()
    assert set(frame[frame.candidate == "b"].fold) == {0}


def test_evidence_repeats_the_scores(tmp_path, image_task):
    folds = tasks.folds_for(image_task)
    evidence = tasks.evidence_for(image_task, folds)
    write_run(tmp_path, examples.image_run(), [evidence], image_task, folds)
    frame = pq.read_table(tmp_path / "evidence.parquet").to_pandas()
    first = frame[frame.repeat == 0]
    right = evidence.predictions[0].argmax(axis=1) == image_task.targets
    assert (first.truth == first.prediction).mean() == pytest.approx(right.mean())
    assert list(first.example_id) == list(image_task.inputs.ids)
    np.testing.assert_array_equal(first.fold, folds.assignment[0])
    np.testing.assert_allclose(first[["p_defect", "p_sound"]], evidence.predictions[0], rtol=1e-6)


def test_evidence_of_a_regression_holds_values_and_no_probabilities(tmp_path):
    run = examples.regression_run()
    task = tasks.task_for(run, tasks.pictures(20, side=32))
    folds = tasks.folds_for(task)
    write_run(tmp_path, run, [tasks.evidence_for(task, folds)], task, folds)
    frame = pq.read_table(tmp_path / "evidence.parquet").to_pandas()
    assert list(frame.columns) == ["example_id", "candidate", "repeat", "fold", "truth", "prediction"]
    np.testing.assert_allclose(frame.truth[:20], task.targets)


def test_a_file_that_fails_half_way_leaves_the_old_one_and_nothing_else(tmp_path):
    path = tmp_path / "run.json"
    write_text(path, "old")

    def fails(part: Path) -> None:
        part.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(MachineError, match="no space left"):
        write_whole(path, fails)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["run.json"]


def test_a_file_where_the_folder_should_be_is_said(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(OutputError, match="already stands here"):
        write_text(tmp_path / "taken" / "run.json", "x")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "no space left"),
        (errno.EACCES, "may not be written"),
        (errno.EROFS, "may not be written"),
    ],
)
def test_what_the_machine_refuses_is_said_with_what_to_do(tmp_path, number, words):
    def refused(part: Path) -> None:
        raise OSError(number, "refused")

    with pytest.raises(MachineError, match=words) as caught:
        write_whole(tmp_path / "run.json", refused)
    assert "--out" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_a_run_is_said(tmp_path):
    with pytest.raises(OutputError, match="no run here"):
        read_run(tmp_path)


def test_a_record_of_another_version_is_refused_with_its_first_field(tmp_path, image_task):
    write_run(tmp_path, examples.image_run(), [], image_task, tasks.folds_for(image_task))
    content = json.loads((tmp_path / "run.json").read_text())
    content["verdict"]["decision"] = "perhaps"
    (tmp_path / "run.json").write_text(json.dumps(content))
    with pytest.raises(OutputError, match=r"verdict\.decision"):
        read_run(tmp_path)
