"""Contents, each once, under the name of its hash."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from headstart.core.errors import StoreError
from headstart.store.durable import make_folder, sync, sync_folder
from headstart.store.layout import Layout
from headstart.store.objects import StoredFile

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Draft:
    """A content that is durable under a temporary name, and not yet in its place."""

    path: Path
    sha256: str
    bytes: int


def draft(source: Path, path: Path) -> Draft:
    """Copy `source` to the new file `path`, hashing on the way; durable when this returns."""
    digest, size = sha256(), 0
    with _open_plain(source) as reader, path.open("xb") as writer:
        while chunk := os.read(reader, CHUNK_BYTES):
            writer.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        path.chmod(0o444)
        writer.flush()
        sync(writer.fileno())
    return Draft(path, digest.hexdigest(), size)


def settle(layout: Layout, drafts: Iterable[Draft]) -> None:
    """Bring drafts to their places; durable when this returns. Their hashes must be leased before.

    A content that is there and whole is kept; one that was damaged is replaced by the good copy.
    """
    folders = set()
    for one in drafts:
        place = layout.blob(one.sha256)
        make_folder(place.parent)
        if place.parent.is_symlink():
            raise StoreError("a link that leads elsewhere", where=str(place.parent), expected="a folder")
        folders.add(place.parent)
        if fault(layout, one.sha256, one.bytes) is not None:
            os.replace(one.path, place)
    for folder in sorted(folders):
        sync_folder(folder)  # for a kept content too: whoever wrote it may not have come this far


def fault(layout: Layout, sha256: str, size: int) -> tuple[str, str] | None:
    """What is wrong with a content, as (expected, found); None when it is whole."""
    try:
        with _open_plain(layout.blob(sha256), below=layout.blobs) as reader:
            there = os.fstat(reader).st_size
            if there != size:
                return f"{size} bytes", f"{there} bytes"
            found = _digest(reader)
    except FileNotFoundError:
        return f"{size} bytes", "nothing"
    except StoreError as error:
        return "a file in the store", error.found
    except OSError as error:
        return f"{size} bytes", f"a file that cannot be read ({error.strerror})"
    return None if found == sha256 else (f"sha256 {sha256[:12]}…", f"sha256 {found[:12]}…")


def require(layout: Layout, file: StoredFile) -> None:
    """Refuse a content that is not whole.

    Raises:
        StoreError: it is missing or damaged; said is what was expected, what was found, and what to do.
    """
    wrong = fault(layout, file.sha256, file.bytes)
    if wrong is not None:
        raise StoreError(
            f"a content is damaged: {file.path} is {wrong[1]}",
            where=str(layout.blob(file.sha256)),
            expected=wrong[0],
            remedy="Add the same files again under any name (that mends the content), or restore the "
            "file from a copy. `headstart store verify` names everything that is concerned.",
        )


def is_content(path: Path, sha256: str) -> bool:
    """Whether the file has this content."""
    with _open_plain(path) as reader:
        return _digest(reader) == sha256


@contextmanager
def _open_plain(path: Path, *, below: Path | None = None) -> Iterator[int]:
    """Open a regular file; a link where a content belongs, or on the way to it, is refused."""
    if below is not None and (path.is_symlink() or path.parent.is_symlink()):
        raise StoreError("a link that leads elsewhere", where=str(path))
    reader = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        if not stat.S_ISREG(os.fstat(reader).st_mode):
            raise StoreError(
                "neither a file nor a folder",
                where=str(path),
                remedy="Remove it, or name a folder without it.",
            )
        yield reader
    finally:
        os.close(reader)


def _digest(reader: int) -> str:
    digest = sha256()
    while chunk := os.read(reader, CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()
