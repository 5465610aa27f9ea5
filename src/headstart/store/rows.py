"""Objects as rows of the database, and back."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from headstart.core.errors import StoreError
from headstart.store import faults
from headstart.store.layout import Reference
from headstart.store.objects import ObjectKind, Parent, StoredFile, StoredObject, canonical


def insert(session: sqlite3.Connection, new: StoredObject) -> None:
    """Write all rows of one object."""
    row = session.execute(
        "INSERT INTO objects (name, version, kind, sha256, card, created) VALUES (?, ?, ?, ?, ?, ?)",
        (new.name, new.version, new.kind.value, new.sha256, canonical(new.card), new.created),
    ).lastrowid
    session.executemany(
        "INSERT INTO files (object, path, sha256, bytes) VALUES (?, ?, ?, ?)",
        [(row, file.path, file.sha256, file.bytes) for file in new.files],
    )
    session.executemany(
        "INSERT INTO parents (object, sha256, label) VALUES (?, ?, ?)",
        [(row, parent.sha256, parent.label) for parent in new.parents],
    )


def next_version(session: sqlite3.Connection, name: str) -> int:
    """Count the name's version up; a number is never given twice, whatever was removed."""
    (version,) = session.execute(
        "INSERT INTO names (name, last_version) VALUES (?, 1) "
        "ON CONFLICT (name) DO UPDATE SET last_version = last_version + 1 RETURNING last_version",
        (name,),
    ).fetchone()
    return int(version)


def select(session: sqlite3.Connection, where: str = "", given: Sequence[object] = ()) -> list[StoredObject]:
    """The objects that meet the SQL condition `where`, by name and version."""
    chosen = f"FROM objects {'WHERE ' + where if where else ''}"
    files: dict[int, list[StoredFile]] = defaultdict(list)
    for row, *file in session.execute(
        f"SELECT object, path, sha256, bytes FROM files WHERE object IN (SELECT id {chosen}) "
        "ORDER BY object, path",  # as they lie: nothing has to be sorted
        given,
    ):
        files[row].append(StoredFile(*file))
    parents: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for row, *parent in session.execute(
        f"SELECT object, sha256, label FROM parents WHERE object IN (SELECT id {chosen}) "
        "ORDER BY object, sha256, label",
        given,
    ):
        parents[row].append((parent[0], parent[1]))
    columns = "id, name, version, kind, sha256, card, created"
    found = session.execute(f"SELECT {columns} {chosen} ORDER BY name, version", given).fetchall()
    return [_record(values, files[row], parents[row]) for row, *values in found]


def card_parts(session: sqlite3.Connection, kind: ObjectKind, key: str) -> list[tuple[str, str, str]]:
    """(``NAME@VERSION``, content hash, JSON text) of what the cards of a kind say under `key`, oldest first.

    Cards without it, and damaged ones, are left out: nothing else of the objects is read.
    """
    found = session.execute(
        "SELECT name || '@' || version, sha256, CASE WHEN json_valid(card) THEN json_extract(card, ?) END "
        "FROM objects WHERE kind = ? ORDER BY id",
        (f"$.{key}", kind.value),
    )
    return [(str(name), str(sha256), said) for name, sha256, said in found if isinstance(said, str)]


def _record(
    values: Sequence[Any], files: Sequence[StoredFile], parents: Sequence[tuple[str, str]]
) -> StoredObject:
    name, version, kind, sha256, card, created = values
    try:
        return StoredObject(
            name=name,
            version=version,
            kind=ObjectKind(kind),
            sha256=sha256,
            files=tuple(files),
            card=json.loads(card),
            parents=tuple(Parent(*parent) for parent in parents),
            created=created,
        )
    except (ValueError, TypeError, StoreError) as error:
        raise faults.damaged("meta.db", f"{name}@{version} cannot be read ({error})") from error


def named(session: sqlite3.Connection, reference: Reference) -> list[StoredObject]:
    """The versions that a reference means: the one it names, or all."""
    if reference.version is None:
        return select(session, "name = ?", (reference.name,))
    return select(session, "name = ? AND version = ?", (reference.name, reference.version))
