"""An object's files as a folder, for loaders that want one: made once, checked at each opening."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from headstart.core.errors import StoreError
from headstart.store import blobs, faults
from headstart.store.layout import Layout, checked_path
from headstart.store.objects import StoredObject


def open_files(layout: Layout, wanted: StoredObject, cache: Path) -> Path:
    """A read-only folder with the object's files, below `cache` (hard links where they can be, else copies).

    Raises:
        StoreError: a content is missing or damaged; said is which, and what to do.
    """
    for file in wanted.files:
        checked_path(file.path)
        blobs.require(layout, file)
    folder = cache / wanted.sha256
    if _is_whole(folder, layout, wanted):
        return folder
    with faults.explained(cache):
        cache.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".", dir=cache))
        try:
            for file in wanted.files:
                target = work / "new" / file.path
                target.parent.mkdir(parents=True, exist_ok=True)
                _put(layout.blob(file.sha256), target)
            if folder.exists():
                os.replace(folder, work / "old")
            with suppress(OSError):  # another process was faster; whether well is seen below
                os.replace(work / "new", folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    if not _is_whole(folder, layout, wanted):
        raise StoreError(
            f"the files of {wanted.id} change while they are opened", where=str(folder), remedy="Try again."
        )
    return folder


def read_file(layout: Layout, wanted: StoredObject, path: str) -> bytes:
    """The content of one file of an object.

    Raises:
        StoreError: there is no such file, or its content is missing or damaged.
    """
    for file in wanted.files:
        if file.path == path:
            blobs.require(layout, file)
            with faults.explained(layout.root):
                return layout.blob(file.sha256).read_bytes()
    raise StoreError(f"{wanted.id} has no file {path}")


def _put(blob: Path, target: Path) -> None:
    try:
        os.link(blob, target)
    except OSError:  # another disk, or one without hard links
        shutil.copyfile(blob, target)
        target.chmod(0o444)


def _is_whole(folder: Path, layout: Layout, wanted: StoredObject) -> bool:
    """Whether the folder holds just the object's files, each the content itself or an equal copy."""
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    if not folder.is_dir() or present != {file.path for file in wanted.files}:
        return False
    return all(
        not (folder / file.path).is_symlink()
        and (
            (folder / file.path).samefile(layout.blob(file.sha256))
            or blobs.is_content(folder / file.path, file.sha256)
        )
        for file in wanted.files
    )
