"""What a store refuses or names: one message each, exit code 2 (3 for the machine), nothing lost."""

import errno
import os
from contextlib import closing

import pytest

from headstart.core.errors import MachineError, StoreError
from headstart.store import Parent, blobs, database, driver, faults, schema


@pytest.fixture
def kept(store, folder):
    """A source with two files and a child."""
    source = store.add(folder(a="aaaa", b="bbbb"), name="source", kind="source")
    store.add(folder(c="cccc"), name="child", kind="model", parents=["source@1"])
    return source


def place(store, kept, path="a"):
    (file,) = (file for file in kept.files if file.path == path)
    found = store.layout.blob(file.sha256)
    found.chmod(0o644)
    return found


def sql(store, *statements):
    with closing(driver.sqlite.connect(store.layout.database, isolation_level=None)) as session:
        for statement in statements:
            session.execute(statement)


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (lambda file: file.unlink(), "nothing"),
        (lambda file: file.write_text("aa"), "2 bytes"),
        (lambda file: file.write_text("AAAA"), "sha256"),
        (lambda file: (file.unlink(), file.symlink_to("/etc/hostname")), "a link that leads elsewhere"),
        (lambda file: (file.unlink(), file.mkdir()), "neither a file nor a folder"),
    ],
)
def test_a_damaged_content_is_named_with_what_depends_on_it(store, kept, harm, found):
    harm(place(store, kept))
    (damage,) = store.verify().damaged
    assert (damage.what, damage.objects, damage.dependents) == ("a", ("source@1",), ("child@1",))
    assert found in damage.found
    with pytest.raises(StoreError, match=r"a content is damaged: a is"):
        store.open_files(kept)
    store.open_files(store.get("child"))


def test_adding_the_same_files_again_mends_a_damaged_content(store, kept, folder):
    place(store, kept).write_text("AAAA")
    place(store, kept, "b").unlink()
    store.add(folder(x="aaaa", y="bbbb"), name="other", kind="source")
    assert store.verify().damaged == ()
    store.open_files(kept)


def test_a_changed_record_is_named(store, kept):
    sql(store, """UPDATE objects SET card = '{"score": 1.0}' WHERE name = 'source'""")
    (damage,) = store.verify().damaged
    assert (damage.what, damage.objects) == ("the record", ("source@1",))


def test_a_record_that_cannot_be_read_is_said(store, kept):
    sql(store, "UPDATE objects SET card = '{' WHERE name = 'source'")
    with pytest.raises(StoreError, match="source@1 cannot be read"):
        store.ls()


@pytest.mark.parametrize("content", [b"no database at all, for sure\n" * 300, b""])
def test_a_damaged_database_is_refused_and_no_content_is_touched(store, kept, folder, content):
    store.layout.database.write_bytes(content)
    before = sorted(store.layout.blobs.rglob("*"))
    for use in (store.ls, store.verify, store.gc, lambda: store.add(folder(a="1"), name="x", kind="run")):
        with pytest.raises(StoreError, match="database is damaged"):
            use()
    assert sorted(store.layout.blobs.rglob("*")) == before


def test_a_missing_database_is_not_an_empty_store(store, kept):
    store.layout.database.unlink()
    with pytest.raises(StoreError, match="missing or empty"):
        store.gc()
    assert place(store, kept).exists()


def test_a_database_made_anew_is_not_an_empty_store(store, kept):
    store.layout.database.unlink()
    sql(store, "VACUUM", "PRAGMA application_id = 1")
    with pytest.raises(StoreError, match="missing or empty"):
        store.gc()
    assert place(store, kept).exists()


def test_a_page_that_rotted_is_found_by_verify(store, kept):
    whole = bytearray(store.layout.database.read_bytes())
    whole[8192:12288] = b"\xff" * 4096
    store.layout.database.write_bytes(whole)
    with pytest.raises(StoreError, match="database is damaged"):
        store.verify()


@pytest.mark.parametrize("version", [0, 1])
def test_the_database_of_another_program_is_refused(store, version):
    store.layout.root.mkdir()
    sql(store, "CREATE TABLE theirs (x)", f"PRAGMA user_version = {version}")
    with pytest.raises(StoreError, match="another program"):
        store.ls()


def test_a_newer_schema_is_refused_unchanged(store, kept):
    sql(store, f"PRAGMA user_version = {len(schema.MIGRATIONS) + 7}")
    before = store.layout.database.read_bytes()
    with pytest.raises(StoreError, match="Upgrade headstart"):
        store.ls()
    assert store.layout.database.read_bytes() == before


def test_a_link_that_leads_out_of_an_added_folder_is_refused(store, folder, tmp_path):
    (tmp_path / "secret").write_text("secret")
    content = folder(a="1")
    (content / "out").symlink_to("../secret")
    with pytest.raises(StoreError, match="leads out of the folder"):
        store.add(content, name="x", kind="run")
    (content / "out").unlink()
    (content / "in").symlink_to("a")
    assert [file.path for file in store.add(content, name="x", kind="run").files] == ["a", "in"]


def test_a_blob_folder_that_links_out_is_never_written_through(store, folder, tmp_path):
    content = folder(a="1")
    (tmp_path / "elsewhere").mkdir()
    sha256 = blobs.draft(content / "a", tmp_path / "d").sha256
    store.database.prepare()
    store.layout.blobs.mkdir(parents=True)
    (store.layout.blobs / sha256[:2]).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="leads elsewhere"):
        store.add(content, name="x", kind="run")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_pipe_in_an_added_folder_is_refused(store, folder):
    content = folder(a="1")
    os.mkfifo(content / "pipe")
    with pytest.raises(StoreError, match="neither a file nor a folder"):
        store.add(content, name="x", kind="run")
    assert list(store.layout.unfinished.iterdir()) == []


def test_nothing_to_add_is_refused(store, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreError, match="no file"):
        store.add(tmp_path / "empty", name="x", kind="run")
    with pytest.raises(StoreError, match="no such file"):
        store.add(tmp_path / "gone", name="x", kind="run")


def test_a_card_or_parent_that_cannot_be_written_is_refused(store):
    with pytest.raises(StoreError, match="JSON"):
        store.add({}, name="x", kind="task", card={"score": float("nan")})
    with pytest.raises(StoreError, match="content hash"):
        Parent("abc", "data")


def test_a_full_disk_is_the_machines_fault_and_leaves_nothing_behind(store, kept, folder, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(blobs, "sync", full)
    with pytest.raises(MachineError, match="no space"):
        store.add(folder(a="new"), name="x", kind="run")
    monkeypatch.undo()
    assert list(store.layout.unfinished.iterdir()) == []
    assert (store.verify().damaged, store.gc().contents) == ((), 0)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("SQLITE_FULL", MachineError),
        ("SQLITE_IOERR", MachineError),
        ("SQLITE_READONLY", StoreError),
        ("SQLITE_CORRUPT", StoreError),
    ],
)
def test_errors_of_the_database_become_ours(tmp_path, sqlite, code, kind):
    error = sqlite.OperationalError("said by SQLite")
    error.sqlite_errorcode = getattr(sqlite, code)
    with pytest.raises(kind), faults.explained(tmp_path):
        raise error


def test_an_error_nobody_expects_stays_our_fault(tmp_path, sqlite):
    with pytest.raises(sqlite.ProgrammingError), faults.explained(tmp_path):
        raise sqlite.ProgrammingError("closed")


def test_a_read_only_store_is_read_and_not_written(store, kept, folder, monkeypatch):
    monkeypatch.setattr(database.os, "access", lambda path, mode: False)  # root may write everywhere
    assert [each.id for each in store.ls()] == ["child@1", "source@1"]
    assert store.verify().damaged == ()
    assert store.open_files(kept).is_dir()
    for change in (
        store.gc,
        lambda: store.rm("child@1"),
        lambda: store.add(folder(a="1"), name="x", kind="run"),
    ):
        with pytest.raises(StoreError, match="read-only"):
            change()
    with pytest.raises(StoreError, match="read-only"), store.database.reading() as session:
        session.execute("DELETE FROM objects")


def test_a_lock_that_is_never_given_back_is_said(store, kept, folder, monkeypatch):
    monkeypatch.setattr(database, "PATIENCE_S", 0.1)
    monkeypatch.setattr(database, "TURN_S", 0.01)
    with closing(driver.sqlite.connect(store.layout.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(MachineError, match="kept the store locked"):
            store.rm("child@1")
    store.rm("child@1")
