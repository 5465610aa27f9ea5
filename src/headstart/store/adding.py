"""Adding an object: contents first, each step durable, then the row that refers to them, then the answer.

Stopped anywhere, what is left are contents that nothing refers to: `gc` takes them once the writer is gone.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from headstart.core.errors import HeadstartError
from headstart.store import blobs, driver, faults, leases, rows
from headstart.store.database import Database
from headstart.store.durable import make_folder
from headstart.store.holder import holder
from headstart.store.lookup import one
from headstart.store.objects import ObjectKind, Parent, StoredFile, StoredObject, content_hash


def add(
    database: Database,
    files: Mapping[str, Path],
    *,
    name: str,
    kind: ObjectKind,
    card: Mapping[str, Any],
    parents: Sequence[Parent | str],
) -> StoredObject:
    """Write a new version of `name`; the version that is there, where one has the same content."""
    layout = database.layout
    with faults.explained(layout.root), at_work(database) as (me, workplace):
        drafts = {path: blobs.draft(file, workplace / str(i)) for i, (path, file) in enumerate(files.items())}
        manifest = tuple(StoredFile(path, one.sha256, one.bytes) for path, one in drafts.items())
        with database.writing() as session:
            known = tuple(sorted({_resolved(session, parent) for parent in parents}))
            leases.take(session, me, (file.sha256 for file in manifest))
        digest = content_hash(kind, manifest, card, known)
        blobs.settle(layout, drafts.values())
        new = StoredObject(name, 0, kind, digest, manifest, card, known, created="")
        with database.writing() as session:
            leases.give_back(session, me)
            return give_name(session, new, name)


def give_name(session: sqlite3.Connection, one: StoredObject, name: str) -> StoredObject:
    """Write the next version of `name`; what is there under it with this content stays the one."""
    twins = rows.select(session, "name = ? AND sha256 = ?", (name, one.sha256))
    if twins:
        return twins[-1]
    now = datetime.now(UTC).isoformat(timespec="seconds")
    new = replace(one, name=name, version=rows.next_version(session, name), created=now)
    rows.insert(session, new)
    return new


@contextmanager
def at_work(database: Database) -> Iterator[tuple[str, Path]]:
    """A holder's name and its folder for temporary files; both are given up in the end."""
    database.prepare()
    me = holder()
    workplace = database.layout.unfinished / me
    make_folder(workplace)
    try:
        yield me, workplace
    except BaseException:
        with suppress(HeadstartError, driver.sqlite.Error), database.writing() as session:
            leases.give_back(session, me)
        raise
    finally:
        shutil.rmtree(workplace, ignore_errors=True)


def _resolved(session: sqlite3.Connection, parent: Parent | str) -> Parent:
    """A parent as a content hash; ``NAME@VERSION`` has to be in the store."""
    if isinstance(parent, Parent):
        return parent
    found = one(session, parent)
    return Parent(found.sha256, found.id)
