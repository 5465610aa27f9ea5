"""The journal is safe for the SQLite at hand, the schema moves in whole steps, many processes take turns."""

import importlib
import multiprocessing
import sys
from collections import namedtuple
from contextlib import closing
from types import ModuleType, SimpleNamespace

import pytest

from headstart.core.errors import MachineError, StoreError
from headstart.store import Store, database, driver, journal, schema
from tests.store.conftest import DRIVERS


def pragma(store, name):
    with store.database.reading() as session:
        return session.execute(f"PRAGMA {name}").fetchone()[0]


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 9), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((4, 0, 0), True),
    ],
)
def test_a_write_ahead_log_is_kept_only_where_it_is_mended(version, safe, tmp_path, monkeypatch):
    monkeypatch.setattr(journal, "over_network", lambda folder: False)
    monkeypatch.setattr(driver, "sqlite", imitation(version))
    chosen = journal.choose(tmp_path)
    assert (chosen.mode, chosen.synchronous) == ("WAL" if safe else "DELETE", "EXTRA")


Disk = namedtuple("Disk", "mountpoint fstype")


@pytest.mark.parametrize(("kind", "away"), [("nfs4", True), ("fuse.sshfs", True), ("ext4", False)])
def test_a_network_disk_gets_no_log(kind, away, tmp_path, monkeypatch):
    import psutil

    disks = [
        Disk("/", "ext4" if away else "nfs"),
        Disk(str(tmp_path), kind),
        Disk(str(tmp_path) + "x", "cifs"),
    ]
    monkeypatch.setattr(psutil, "disk_partitions", lambda all: disks)
    monkeypatch.setattr(driver, "log_is_safe", lambda version: True)
    assert journal.over_network(tmp_path / "store") is away
    assert journal.choose(tmp_path).mode == ("DELETE" if away else "WAL")


def imitation(version):
    """A driver of which only the version is known."""
    return SimpleNamespace(sqlite_version_info=version, __name__="pysqlite3.dbapi2", sqlite_version="x")


def test_the_newer_sqlite_is_taken_only_where_it_is_needed_and_is_safe(monkeypatch):
    def best(own, newer):
        package = ModuleType("pysqlite3")
        package.dbapi2 = imitation(newer)
        monkeypatch.setitem(sys.modules, "pysqlite3", package if newer else None)
        return driver.best(imitation(own)).sqlite_version_info

    assert best((3, 40, 1), (3, 53, 4)) == (3, 53, 4)
    assert best((3, 40, 1), (3, 51, 2)) == (3, 40, 1)
    assert best((3, 40, 1), None) == (3, 40, 1)
    assert best((3, 51, 3), (3, 53, 4)) == (3, 51, 3)


def test_the_chosen_pragmas_hold(store):
    store.database.prepare()
    chosen = journal.choose(store.layout.root)
    assert pragma(store, "journal_mode").upper() == chosen.mode
    assert pragma(store, "synchronous") == 3  # EXTRA
    assert pragma(store, "foreign_keys") == 1


@pytest.fixture
def left_in_wal(store, folder):
    store.add(folder(a="1"), name="x", kind="run")
    with closing(driver.sqlite.connect(store.layout.database)) as session:
        session.execute("PRAGMA journal_mode = WAL")
    assert journal.keeps_log(store.layout.database)
    return store


def call(monkeypatch, *, safe):
    """As if the SQLite at hand kept a log safely, or did not."""
    monkeypatch.setattr(driver, "log_is_safe", lambda version: safe)
    monkeypatch.setattr(journal, "over_network", lambda folder: False)


def test_a_store_left_with_a_log_is_converted_where_the_log_is_not_safe(left_in_wal, folder, monkeypatch):
    call(monkeypatch, safe=False)
    assert [each.id for each in left_in_wal.ls()] == ["x@1"]
    assert not journal.keeps_log(left_in_wal.layout.database)
    left_in_wal.add(folder(a="2"), name="x", kind="run")
    assert Store(left_in_wal.layout.root).get("x").version == 2


def test_a_store_is_not_converted_under_somebody_who_uses_its_log(left_in_wal, monkeypatch):
    call(monkeypatch, safe=False)
    monkeypatch.setattr(database, "PATIENCE_S", 0.1)
    monkeypatch.setattr(database, "TURN_S", 0.01)
    with closing(driver.sqlite.connect(left_in_wal.layout.database)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM objects").fetchall()
        with pytest.raises(MachineError, match="kept the store locked"):
            left_in_wal.ls()
    assert len(left_in_wal.ls()) == 1


def test_a_log_is_taken_up_where_it_is_safe(store, folder, monkeypatch):
    call(monkeypatch, safe=False)
    store.add(folder(a="1"), name="x", kind="run")
    call(monkeypatch, safe=True)
    store.add(folder(a="2"), name="x", kind="run")
    assert journal.keeps_log(store.layout.database)
    assert [each.version for each in store.ls()] == [1, 2]


@pytest.fixture
def newer(monkeypatch):
    """A program that knows one step more."""
    step = (
        "ALTER TABLE objects ADD COLUMN licence TEXT NOT NULL DEFAULT 'unknown'",
        "CREATE INDEX objects_by_licence ON objects (licence)",
    )
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, step))


def licences(store):
    with store.database.reading() as session:
        return session.execute("SELECT name, licence FROM objects").fetchall()


def test_an_older_store_is_brought_up_to_date_with_all_it_holds(store, folder, request):
    store.add(folder(a="1"), name="x", kind="run")
    request.getfixturevalue("newer")
    assert licences(store) == [("x", "unknown")]
    assert pragma(store, "user_version") == 2
    assert store.verify().damaged == ()


def test_a_step_that_fails_leaves_the_older_store_whole(store, folder, monkeypatch):
    store.add(folder(a="1"), name="x", kind="run")
    known = schema.MIGRATIONS
    step = ("ALTER TABLE objects ADD COLUMN licence TEXT", "INSERT INTO nowhere VALUES (1)")
    monkeypatch.setattr(schema, "MIGRATIONS", (*known, step))
    with pytest.raises(StoreError):
        store.ls()
    monkeypatch.setattr(schema, "MIGRATIONS", known)
    assert [each.id for each in store.ls()] == ["x@1"]
    assert pragma(store, "user_version") == 1


def test_an_older_store_on_a_read_only_disk_is_refused_with_a_way_out(store, folder, monkeypatch, request):
    store.add(folder(a="1"), name="x", kind="run")
    request.getfixturevalue("newer")
    monkeypatch.setattr(database.os, "access", lambda path, mode: False)
    with pytest.raises(StoreError, match="Copy it"):
        store.ls()


def commit(place, module, writer, count):
    """Commits that share contents with other writers', while all of them collect what is nobody's."""
    driver.sqlite = importlib.import_module(module)
    store = Store(place / "store", cache=place / "cache")
    for number in range(count):
        files = {"shared": place / f"shared-{number % 2}"}
        store.add(files, name=f"w{number % 2}", kind="run", card={"writer": writer, "number": number})
        if number % 3 == 0:
            store.rm(store.add(files, name=f"passing-{writer}", kind="run").id)
            store.gc()


def forty_objects(place, modules):
    """Four processes, each with a SQLite of `modules` in turn, make ten commits each."""
    spawn = multiprocessing.get_context("spawn")
    for number in range(2):
        (place / f"shared-{number}").write_text(f"{number}")
    given = [(place, modules[i % len(modules)], i, 10) for i in range(4)]
    writers = [spawn.Process(target=commit, args=each) for each in given]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(150)
    assert [writer.exitcode for writer in writers] == [0] * 4
    store = Store(place / "store", cache=place / "cache")
    kept = store.ls()
    assert {(each.card["writer"], each.card["number"]) for each in kept} == {
        (i, n) for i in range(4) for n in range(10)
    }
    assert sorted(each.version for each in kept if each.name == "w0") == list(range(1, 21))
    assert store.verify().damaged == ()


def test_four_processes_of_ten_commits_make_forty_objects(tmp_path, sqlite):
    forty_objects(tmp_path, [sqlite.__name__])


def test_processes_with_either_sqlite_take_turns_on_one_store(tmp_path, sqlite):
    pytest.importorskip(DRIVERS[1])
    if sqlite.__name__ == DRIVERS[0]:
        forty_objects(tmp_path, DRIVERS)
