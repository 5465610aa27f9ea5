"""An object travels with its lineage in one file; a file that is not as it was written adds nothing."""

import io
import json
import tarfile

import pytest

from headstart.core.errors import MachineError, StoreError
from headstart.store import Parent, Store, importing

DATA = Parent("d" * 64, "data train")


@pytest.fixture
def other(tmp_path):
    return Store(tmp_path / "other", cache=tmp_path / "cache")


@pytest.fixture
def file(store, folder, tmp_path):
    """An archive of a model, its source and its source's parent's hash."""
    store.add(folder(a="shared", b="own"), name="source", kind="source", card={"x": 1}, parents=[DATA])
    store.add(folder(a="shared", c="c"), name="model", kind="model", parents=["source@1"])
    store.add(folder(d="d"), name="unrelated", kind="model")
    store.export("model", tmp_path / "model.tar")
    return tmp_path / "model.tar"


def test_an_object_travels_with_its_lineage(store, other, file):
    assert [one.id for one in other.import_(file)] == ["source@1", "model@1"]
    assert other.get("model").sha256 == store.get("model").sha256
    assert [node.label for node in other.lineage("model").nodes] == ["data train", "source@1", "model@1"]
    assert (other.open_files(other.get("source")) / "b").read_text() == "own"
    assert other.verify().damaged == ()


def test_importing_twice_adds_nothing_and_a_taken_name_gets_the_next_version(other, folder, file):
    other.add(folder(z="z"), name="model", kind="model")
    assert [one.id for one in other.import_(file)] == ["source@1", "model@2"]
    assert [one.id for one in other.import_(file)] == ["source@1", "model@2"]
    assert len(other.ls()) == 3


def test_the_same_objects_make_the_same_archive(store, file, tmp_path):
    store.export("model@1", tmp_path / "again.tar")
    assert (tmp_path / "again.tar").read_bytes() == file.read_bytes()


def test_a_damaged_content_is_not_exported_and_nothing_is_overwritten(store, file, tmp_path):
    with pytest.raises(StoreError, match="something stands there"):
        store.export("model", file)
    blob = store.layout.blob(store.get("model").files[-1].sha256)
    blob.unlink()
    with pytest.raises(StoreError, match="damaged"):
        store.export("model", tmp_path / "new.tar")
    assert [path.name for path in tmp_path.glob("*new.tar*")] == []


def rewrite(file, change):
    """The archive again, each (name, content) as `change` gives it back; further entries at the end."""
    with tarfile.open(file) as tar:
        entries = [(member.name, tar.extractfile(member).read()) for member in tar.getmembers()]
    with tarfile.open(file, "w") as tar:
        for name, content in change(entries):
            info = tarfile.TarInfo(name)
            if content is None:
                info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            else:
                info.size = len(content)
            tar.addfile(info, io.BytesIO(content or b""))


def records(change):
    def changed(entries):
        document = json.loads(entries[0][1])
        change(document)
        return [(entries[0][0], json.dumps(document).encode()), *entries[1:]]

    return changed


CHANGES = {
    "a traversal name": lambda entries: [*entries, ("../../evil", b"x")],
    "an absolute name": lambda entries: [*entries, ("/tmp/evil", b"x")],
    "a link": lambda entries: [*entries[:-1], (entries[-1][0], None)],
    "zeros": lambda entries: [*entries[:-1], (entries[-1][0], b"\0" * 100_000)],
    "another content": lambda entries: [*entries[:-1], (entries[-1][0], b"\0" * len(entries[-1][1]))],
    "a content twice": lambda entries: [*entries, entries[-1]],
    "a missing content": lambda entries: entries[:-1],
    "no records": lambda entries: entries[1:],
    "a changed card": records(lambda document: document["objects"][0]["card"].update(x=2)),
    "a name that is a path": records(lambda document: document["objects"][0].update(name="../x")),
    "a file that leads out": records(
        lambda document: document["objects"][0]["files"][0].__setitem__(0, "../x")
    ),
    "another format": records(lambda document: document.update(format=9)),
    "a field too few": records(lambda document: document["objects"][1].pop("card")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_an_archive_that_is_not_as_it_was_written_adds_nothing(change, other, file, tmp_path):
    rewrite(file, change)
    with pytest.raises(StoreError):
        other.import_(file)
    assert other.ls() == []
    assert not (tmp_path / "evil").exists()
    assert list(other.layout.unfinished.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"no archive" * 200])
def test_a_file_that_is_no_archive_is_refused(content, other, tmp_path):
    (tmp_path / "x.tar").write_bytes(content)
    with pytest.raises(StoreError, match="not an archive"):
        other.import_(tmp_path / "x.tar")
    with pytest.raises(StoreError, match="no such file"):
        other.import_(tmp_path / "gone.tar")


def test_a_truncated_archive_is_refused(other, file):
    file.write_bytes(file.read_bytes()[:-10_000])
    with pytest.raises(StoreError, match="not an archive"):
        other.import_(file)
    assert other.ls() == []


def test_more_than_the_disk_has_is_refused_before_it_is_unpacked(other, file, monkeypatch):
    usage = importing.shutil.disk_usage(file.parent)
    monkeypatch.setattr(importing.shutil, "disk_usage", lambda path: usage._replace(free=10))
    with pytest.raises(MachineError, match="are free"):
        other.import_(file)
    assert other.ls() == []
