"""On disks that are really full or read-only (mounted for the test, as root may); ten gigabytes of zeros."""

import io
import subprocess
import tarfile
import time
from contextlib import contextmanager, suppress

import pytest

from headstart.core.errors import HeadstartError, MachineError, StoreError
from headstart.store import Store


@contextmanager
def mounted(place, *options):
    place.mkdir(exist_ok=True)
    try:
        done = subprocess.run(["mount", *options, place], capture_output=True)
    except OSError:
        pytest.skip("there is no mount command")
    if done.returncode:
        pytest.skip("this machine lets us mount nothing")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


def test_a_full_disk_loses_nothing_and_takes_more_once_there_is_room(tmp_path, folder):
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=1m", "none") as disk:
        store = Store(disk / "store", cache=tmp_path / "cache")
        store.add(folder(a="1"), name="x", kind="model")
        filler = disk / "filler"
        with filler.open("wb", buffering=0) as out, suppress(OSError):
            while True:
                out.write(bytes(4096))
        with pytest.raises(MachineError, match="no space is left"):
            store.add(folder(a="2" * 50_000), name="x", kind="model")
        filler.unlink()
        assert [one.id for one in store.ls()] == ["x@1"]
        assert store.add(folder(a="2" * 50_000), name="x", kind="model").id == "x@2"
        assert store.verify().damaged == ()
        assert store.gc().contents == 0


def test_a_read_only_disk_is_read_and_not_written(tmp_path, folder):
    disk = tmp_path / "disk"
    kept = Store(disk / "store", cache=tmp_path / "cache").add(folder(a="1"), name="x", kind="model")
    with mounted(disk, "--bind", str(disk)):
        subprocess.run(["mount", "-o", "remount,ro,bind", disk], check=True)
        store = Store(disk / "store", cache=tmp_path / "cache")
        assert store.ls() == [kept]
        assert store.open_files(kept).is_dir()
        assert store.verify().damaged == ()
        for change in (store.gc, lambda: store.rm("x"), lambda: store.promote("x", "y")):
            with pytest.raises(StoreError, match="read-only"):
                change()
        with pytest.raises(StoreError, match="read-only"):
            Store(disk / "new").add(folder(a="2"), name="x", kind="model")
        assert Store(disk / "new").ls() == []


@pytest.mark.parametrize("named", [True, False], ids=["as a content", "alone"])
def test_ten_gigabytes_of_zeros_are_refused_at_once_and_nothing_is_written(named, store, folder, tmp_path):
    bomb, size = tmp_path / "bomb.tar", 10 << 30
    if named:
        store.add(folder(a="1"), name="x", kind="model")
        store.export("x", tmp_path / "x.tar")
        with tarfile.open(tmp_path / "x.tar") as tar:
            records, content = tar.getmembers()
            document = tar.extractfile(records).read()
        with tarfile.open(bomb, "w") as tar:
            tar.addfile(records, io.BytesIO(document))
            end = tar.offset
        content.size = size
        with bomb.open("r+b") as file:
            file.seek(end)
            file.write(content.tobuf())
    with bomb.open("ab") as file:
        file.truncate(file.tell() + size)
    began, other = time.process_time(), Store(tmp_path / "other", cache=tmp_path / "cache")
    with pytest.raises(HeadstartError, match="not an archive that can be imported"):
        other.import_(bomb)
    assert time.process_time() - began < 1.0
    assert list(other.layout.unfinished.iterdir()) == []
    assert other.ls() == []
