"""What of a removed object's contents is free to go, and what others still hold."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from headstart.store.objects import StoredObject


@dataclass(frozen=True, slots=True)
class Holding:
    """Of an object's distinct contents (bytes): what nobody holds any more, what others hold, and who."""

    free_bytes: int
    held_bytes: int
    holders: tuple[str, ...]


def holding(session: sqlite3.Connection, gone: StoredObject) -> Holding:
    """Who holds the contents of `gone`, by the records that are there now."""
    free = held = 0
    holders = set[str]()
    for sha256, size in {file.sha256: file.bytes for file in gone.files}.items():
        found = session.execute(
            "SELECT DISTINCT name || '@' || version FROM files JOIN objects ON objects.id = files.object "
            "WHERE files.sha256 = ?",
            (sha256,),
        ).fetchall()
        holders |= {str(name) for (name,) in found}
        free, held = (free, held + size) if found else (free + size, held)
    return Holding(free, held, tuple(sorted(holders)))
