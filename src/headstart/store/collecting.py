"""Taking away what nothing refers to: contents of removed objects and of writers that were killed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from headstart.store import leases
from headstart.store.database import Database
from headstart.store.holder import holds_still
from headstart.store.layout import SHA256, Layout


@dataclass(frozen=True, slots=True)
class Collected:
    """What was removed: contents, temporary files, and their size."""

    contents: int
    temporary: int
    bytes: int


def collect(database: Database) -> Collected:
    """Remove contents that no object has and nobody holds, and temporary files of processes that are gone.

    All of it inside one write transaction: no writer can lease a content between our look and its end.
    """
    with database.reading():
        if not database.layout.database.exists():
            return Collected(0, 0, 0)
    contents = size = 0
    with database.writing() as session:
        leases.expire(session)
        kept = {sha256 for (sha256,) in session.execute("SELECT DISTINCT sha256 FROM files")}
        kept |= leases.leased(session)
        for sha256, place in list(_contents(database.layout)):
            if sha256 not in kept:
                contents, size = contents + 1, size + place.lstat().st_size
                place.unlink()
    temporary, more = _tidy(database.layout)
    return Collected(contents, temporary, size + more)


def _contents(layout: Layout) -> Iterator[tuple[str, Path]]:
    """Files that are named as contents are; whatever else lies there is not ours to remove."""
    for folder in _folders(layout.blobs):
        with os.scandir(folder) as entries:
            for entry in entries:
                sha256 = folder.name + entry.name
                if SHA256.fullmatch(sha256) and not entry.is_dir(follow_symlinks=False):
                    yield sha256, Path(entry.path)


def _tidy(layout: Layout) -> tuple[int, int]:
    count = size = 0
    for folder in _folders(layout.unfinished):
        if not holds_still(folder.name, folder.stat().st_mtime):
            files = [path.lstat().st_size for path in folder.iterdir()]
            count, size = count + len(files), size + sum(files)
            shutil.rmtree(folder, ignore_errors=True)
    return count, size


def _folders(above: Path) -> list[Path]:
    if not above.is_dir():
        return []
    with os.scandir(above) as entries:
        return sorted(Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False))
