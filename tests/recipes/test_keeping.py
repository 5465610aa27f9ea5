"""The task that must not be forgotten: opened apart from the target, refused in one message."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from headstart.core.errors import DataError
from headstart.data import LoadOptions, load
from headstart.recipes import keeping
from headstart.recipes.keeping import LEAST_ROWS, divided

WORDS = ["bread", "stone", "river", "cloud", "horse", "paper", "glass", "apple", "night", "wheel"]


def sentence(row: int, kind: str) -> str:
    rng = np.random.default_rng([row, len(kind)])
    return " ".join([kind, *rng.choice(WORDS, 6), str(row)])


def table(folder: Path, name: str, rows: range, kinds: tuple[str, ...] = ("old", "young")) -> str:
    lines = ["text,label"] + [
        f"{sentence(row, kinds[row % len(kinds)])},{kinds[row % len(kinds)]}" for row in rows
    ]
    (folder / name).write_text("\n".join(lines) + "\n")
    return str(folder / name)


def target(folder: Path, rows: range = range(60)):
    return load(table(folder, "target.csv", rows), LoadOptions(label="label"))


def test_rows_that_the_target_has_too_are_left_out_and_counted(tmp_path):
    kept = keeping.opened(table(tmp_path, "old.csv", range(50, 130)), target(tmp_path), LoadOptions())
    assert kept.left_out >= 10
    assert len(kept.task) == 80 - kept.left_out
    assert kept.task.classes == ("old", "young")


def test_a_task_that_is_the_target_is_refused(tmp_path):
    with pytest.raises(DataError, match="rows are in the data to learn from too"):
        keeping.opened(table(tmp_path, "old.csv", range(60)), target(tmp_path), LoadOptions())


def test_a_missing_task_one_of_a_single_class_and_too_small_a_one_are_refused(tmp_path):
    known = target(tmp_path)
    with pytest.raises(DataError, match="no such file"):
        keeping.opened(str(tmp_path / "gone"), known, LoadOptions())
    with pytest.raises(DataError):
        keeping.opened(table(tmp_path, "one.csv", range(100, 200), ("old",)), known, LoadOptions())
    with pytest.raises(DataError, match=f"{LEAST_ROWS} rows or more"):
        keeping.opened(table(tmp_path, "few.csv", range(100, 120)), known, LoadOptions())


def test_another_modality_is_refused(tmp_path):
    from tests import synthetic

    known = target(tmp_path)
    rng = np.random.default_rng(0)
    for kind in ("dark", "bright"):
        (tmp_path / "photos" / kind).mkdir(parents=True)
        for row in range(3):
            synthetic.picture(rng, 0.2 + 0.5 * (kind == "bright")).save(
                tmp_path / "photos" / kind / f"{row}.png"
            )
    with pytest.raises(DataError, match="expected: texts"):
        keeping.opened(str(tmp_path / "photos"), known, LoadOptions())


def test_a_stored_source_is_no_data(tmp_path):
    with pytest.raises(DataError, match="not the examples it learned from"):
        keeping.opened("store:cells", target(tmp_path), LoadOptions())


def test_columns_named_for_the_target_are_used_where_the_task_has_them(tmp_path):
    known = target(tmp_path)
    table(tmp_path, "old.csv", range(100, 160))
    named = LoadOptions(label="label", text="text", groups="patient")
    assert len(keeping.opened(str(tmp_path / "old.csv"), known, named).task) == 60


def test_rows_that_the_source_learned_from_do_not_score(tmp_path):
    whole = load(table(tmp_path, "old.csv", range(100)))
    seen = np.arange(100) < 50
    asked, flattered = divided(whole, seen, 1000)
    scored = set(np.asarray(asked.task.inputs.ids)[asked.scored])
    assert not flattered
    assert not scored & set(np.asarray(whole.inputs.ids)[seen])
    assert not np.intersect1d(asked.fit, asked.scored).size
    assert divided(whole, np.ones(100, dtype=bool), 1000)[1]


def test_no_more_rows_are_asked_than_there_is_time_for(tmp_path):
    whole = load(table(tmp_path, "old.csv", range(300)))
    asked, _ = divided(whole, np.zeros(300, dtype=bool), 60)
    assert (len(asked.fit), len(asked.scored)) == (30, 30)
