"""The knowledge store: what was developed, adapted and recorded, with where it came from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from headstart.core import places
from headstart.core.errors import StoreError
from headstart.store import (
    adding,
    archive,
    collecting,
    holding,
    importing,
    lineage,
    lookup,
    opening,
    rows,
    verifying,
)
from headstart.store.database import Database
from headstart.store.gathering import gather
from headstart.store.layout import Layout, checked_name
from headstart.store.lineage import Lineage
from headstart.store.objects import ObjectKind, Parent, StoredObject, canonical


class Store:
    """A store in a folder (default ``HEADSTART_HOME/store``); several processes may use it at once.

    Opening and reading create nothing: a store that is not there yet is an empty one.

    >>> import tempfile
    >>> store = Store(tempfile.mkdtemp())
    >>> task = store.add({}, name="cars", kind=ObjectKind.TASK, card={"classes": 4})
    >>> store.get("cars").id, store.get("cars@1") == task
    ('cars@1', True)
    """

    def __init__(self, root: str | Path | None = None, *, cache: Path | None = None) -> None:
        folder = Path(root).expanduser() if root else places.store()
        if folder.exists() and not folder.is_dir():
            raise StoreError(
                "a file stands there",
                where=str(folder),
                expected="a store's folder",
                remedy="Name another folder with --store.",
            )
        self.layout = Layout(folder)
        self.database = Database(self.layout)
        self.cache = cache or places.cache() / "store"

    def add(
        self,
        content: Path | Mapping[str, Path],
        *,
        name: str,
        kind: ObjectKind | str,
        card: Mapping[str, Any] | None = None,
        parents: Sequence[Parent | str] = (),
    ) -> StoredObject:
        """Keep a folder's files, one file, or files by their place, as a new version of `name`.

        When this returns, the object is on the disk. The same content under the same name is kept once.
        A parent is a `Parent` (a content hash), or ``NAME@VERSION`` of an object in this store.

        Raises:
            StoreError: the name is none, a parent is unknown, a link leads out of the folder, read-only.
            MachineError: no space is left; nothing was added.
        """
        return adding.add(
            self.database,
            gather(content),
            name=checked_name(name),
            kind=ObjectKind(kind),
            card=json.loads(canonical(dict(card or {}))),
            parents=parents,
        )

    def promote(self, name: str, to: str) -> StoredObject:
        """Give an object another name too, as its next version there; the contents are not copied.

        >>> import tempfile
        >>> store = Store(tempfile.mkdtemp())
        >>> trial = store.add({}, name="trial", kind=ObjectKind.TASK, card={"classes": 4})
        >>> store.promote("trial@1", "product").id
        'product@1'
        """
        checked_name(to)
        self.get(name)  # a store that is not there yet is not made for this
        with self.database.writing() as session:
            return adding.give_name(session, lookup.one(session, name), to)

    def get(self, name: str, version: int | None = None) -> StoredObject:
        """The object ``NAME``, ``NAME@VERSION``, or `version` of `name`; the newest where none is named."""
        with self.database.reading() as session:
            return lookup.one(session, name if version is None else f"{name}@{version}")

    def ls(self) -> list[StoredObject]:
        """Every object, by name and version."""
        with self.database.reading() as session:
            return rows.select(session)

    def card_parts(self, kind: ObjectKind | str, key: str) -> list[tuple[str, str, str]]:
        """What the cards of a kind say under `key`, as (``NAME@VERSION``, content hash, JSON text).

        Oldest first. No file is opened and no other part of an object is read, so it stays fast among
        thousands; objects whose card has no such key, or is damaged, are left out.
        """
        with self.database.reading() as session:
            return rows.card_parts(session, ObjectKind(kind), key)

    def read_file(self, wanted: StoredObject, path: str) -> bytes:
        """One file of an object, checked against its hash; for small ones.

        Raises:
            StoreError: the object has no such file, or its content is missing or damaged.
        """
        return opening.read_file(self.layout, wanted, path)

    def open_files(self, wanted: StoredObject) -> Path:
        """A read-only folder with the object's files, each checked against its hash."""
        return opening.open_files(self.layout, wanted, self.cache)

    def lineage(self, what: str) -> lineage.Lineage:
        """What `what` was made from, and what was made from it.

        ``NAME`` (all versions), ``NAME@VERSION``, a parent's label, or eight or more digits of any hash: so a
        data set's fingerprint tells what came from this data.
        """
        with self.database.reading() as session:
            return lineage.lineage(session, lookup.contents(session, what))

    def lineage_of(self, contents: Iterable[str]) -> Lineage:
        """The same for several contents at once, by their whole hashes."""
        with self.database.reading() as session:
            return lineage.lineage(session, contents)

    def knows(self, sha256: str) -> bool:
        """Whether a content hash is that of an object here, or of something that one was made from."""
        with self.database.reading() as session:
            return lookup.is_known(session, sha256)

    def export(self, name: str, file: Path) -> list[StoredObject]:
        """Write an object and all that it was made from, as far as it is here, to one new file."""
        return archive.write(self.database, name, file)

    def import_(self, file: Path) -> list[StoredObject]:
        """Add what `export` wrote, checked as a whole before the first object is added."""
        return importing.read(self.database, file)

    def verify(self) -> verifying.Verification:
        """Hash everything again; what is damaged, and what depends on it."""
        return verifying.verify(self.database)

    def gc(self) -> collecting.Collected:
        """Remove contents and temporary files that nothing refers to and nobody is writing."""
        return collecting.collect(self.database)

    def rm(self, name: str, *, force: bool = False) -> StoredObject:
        """Remove one object's record; its contents go with the next `gc`. Its number is not given again.

        Raises:
            StoreError: several versions are meant, or others were made from it and `force` is not set.
        """
        self.get(name)
        with self.database.writing() as session:
            meant = lookup.versions(session, name)
            if len(meant) > 1:
                raise StoreError(
                    f"{name} has {len(meant)} versions",
                    expected=f"one, for example {meant[0].id}",
                    remedy="Name the version; each is removed by itself.",
                )
            (gone,) = meant
            below = lineage.descendants(session, gone.sha256)
            twins = rows.select(session, "sha256 = ?", (gone.sha256,))
            if below and len(twins) == 1 and not force:
                raise StoreError(
                    f"{gone.id} is what {', '.join(below[:3])}{' …' if len(below) > 3 else ''} came from",
                    remedy="Remove those first, or pass --force: they stay usable, with its hash as parent.",
                )
            session.execute("DELETE FROM objects WHERE name = ? AND version = ?", (gone.name, gone.version))
        return gone

    def holding(self, gone: StoredObject) -> holding.Holding:
        """What the next `gc` frees of an object that was removed, and which objects hold the rest of it."""
        with self.database.reading() as session:
            return holding.holding(session, gone)
