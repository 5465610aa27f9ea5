"""Is everything as it was acknowledged? Every content is hashed again, every object's rows too."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass

from headstart.store import blobs, faults, lineage, rows
from headstart.store.database import Database
from headstart.store.objects import StoredFile, content_hash


@dataclass(frozen=True, slots=True)
class Damage:
    """One content or record that is not what it was.

    Attributes:
        objects: the objects that hold it (``NAME@VERSION``).
        dependents: the objects that were made from those.
    """

    what: str
    where: str
    expected: str
    found: str
    objects: tuple[str, ...]
    dependents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """How much was looked at, and what is damaged; none: the store is whole."""

    objects: int
    contents: int
    bytes: int
    damaged: tuple[Damage, ...]


def verify(database: Database) -> Verification:
    """Hash every content and record again; nothing is changed, other processes may go on."""
    with database.reading() as session:
        _refuse_broken(session, str(database.layout.database))
        objects = rows.select(session)
        damaged = [
            _damage(session, "the record", str(database.layout.database), (each.sha256, again), [each.sha256])
            for each in objects
            if (again := content_hash(each.kind, each.files, each.card, each.parents)) != each.sha256
        ]
    holders: dict[StoredFile, list[str]] = defaultdict(list)
    for each in objects:
        for file in each.files:
            holders[StoredFile("", file.sha256, file.bytes)].append(each.sha256)
    wrong = {
        file: fault
        for file in sorted(holders)
        if (fault := blobs.fault(database.layout, file.sha256, file.bytes))
    }
    with database.reading() as session:
        for file, fault in wrong.items():
            if _is_referred_to(session, file.sha256):  # else it was removed while we looked
                place = str(database.layout.blob(file.sha256))
                paths = sorted({f.path for o in objects for f in o.files if f.sha256 == file.sha256})
                damaged.append(_damage(session, ", ".join(paths), place, fault, holders[file]))
    size = sum(file.bytes for file in holders)
    return Verification(len(objects), len(holders), size, tuple(damaged))


def _damage(
    session: sqlite3.Connection, what: str, where: str, fault: tuple[str, str], holders: list[str]
) -> Damage:
    expected, found = fault
    named = {
        f"{name}@{version}"
        for sha256 in set(holders)
        for name, version in session.execute("SELECT name, version FROM objects WHERE sha256 = ?", (sha256,))
    }
    below = {name for sha256 in set(holders) for name in lineage.descendants(session, sha256)}
    return Damage(what, where, expected, found, tuple(sorted(named)), tuple(sorted(below - named)))


def _is_referred_to(session: sqlite3.Connection, sha256: str) -> bool:
    return session.execute("SELECT 1 FROM files WHERE sha256 = ? LIMIT 1", (sha256,)).fetchone() is not None


def _refuse_broken(session: sqlite3.Connection, where: str) -> None:
    (said,) = session.execute("PRAGMA integrity_check(1)").fetchone()
    if said != "ok":
        raise faults.damaged(where, str(said))
    loose = session.execute("PRAGMA foreign_key_check").fetchone()
    if loose is not None:
        raise faults.damaged(where, f"a row of {loose[0]} belongs to no row of {loose[2]}")
