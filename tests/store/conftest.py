"""A store in a folder of its own, and small things to put into it; each test with both SQLites."""

import os
import sqlite3
from dataclasses import replace

import pytest

from headstart.store import Store, driver, journal

DRIVERS = ("sqlite3", "pysqlite3.dbapi2")


@pytest.fixture(autouse=True, params=DRIVERS)
def sqlite(request, monkeypatch):
    """The SQLite of this test: Python's own, or the newer one with its write-ahead log."""
    module = sqlite3 if request.param == "sqlite3" else pytest.importorskip(request.param)
    monkeypatch.setattr(driver, "sqlite", module)
    return module


@pytest.fixture(autouse=True)
def no_power_cut(request, sqlite, monkeypatch):
    """No test cuts the power, so only those of the database itself wait for the disk."""
    if request.node.path.name != "test_database.py":
        choose = journal.choose
        monkeypatch.setattr(journal, "choose", lambda folder: replace(choose(folder), synchronous="OFF"))
        monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store", cache=tmp_path / "cache")


@pytest.fixture
def folder(tmp_path):
    """Writes a folder with these files and gives its path."""

    def write(**texts: str):
        above = tmp_path / f"folder-{len(list(tmp_path.iterdir()))}"
        for name, text in texts.items():
            file = above / name.replace("__", "/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return above

    return write
