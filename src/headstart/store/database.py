"""The database: opened with the right journal and schema, and never "locked" for a user who can wait."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from headstart.core.errors import StoreError
from headstart.store import faults, journal, schema
from headstart.store.durable import make_folder, sync_folder
from headstart.store.layout import Layout

PATIENCE_S = 120.0  # our own writes take milliseconds; who holds the lock longer is stopped or foreign
TURN_S = 10.0  # how long SQLite itself waits, before we ask anew

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Database:
    """Sessions with the store's ``meta.db``; a store that is not there yet reads as an empty one."""

    layout: Layout

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent view; changes nothing, creates nothing, works on a read-only disk."""
        with faults.explained(self.layout.root), closing(self._open_to_read()) as session:
            session.execute("BEGIN")
            self._patiently(lambda: session.execute("SELECT count(*) FROM sqlite_master").fetchone())
            yield session

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is on the disk when the block has ended, or nothing of it ever."""
        with faults.explained(self.layout.root), closing(self._open_to_write()) as session:
            self._patiently(lambda: session.execute("BEGIN IMMEDIATE"))
            try:
                yield session
                self._patiently(lambda: session.execute("COMMIT"))
            except BaseException:
                with suppress(sqlite3.Error):  # the first error is the one to tell
                    session.execute("ROLLBACK")
                raise

    def prepare(self) -> None:
        """Make the store's folder and its database, or bring an older one up to date."""
        with faults.explained(self.layout.root):
            self._open_to_write().close()

    def _open_to_read(self) -> sqlite3.Connection:
        filled, path = self._is_filled(), self.layout.database
        if not path.exists():
            if filled:
                raise self._lost()
            return self._brought_up(sqlite3.connect(":memory:", isolation_level=None))
        if self._is_writable():
            return self._open_to_write()
        logged = journal.keeps_log(path) and not path.with_name("meta.db-wal").exists()
        session = self._connect("mode=ro&immutable=1" if logged else "mode=ro")
        if self._version(session) < len(schema.MIGRATIONS):
            session.close()
            raise StoreError(
                "this store is of an older version and read-only, so it cannot be brought up to date",
                where=str(path),
                remedy="Copy it to a place you may write to, and name that with --store.",
            )
        return session

    def _open_to_write(self) -> sqlite3.Connection:
        filled = self._is_filled()
        make_folder(self.layout.root)
        if not self._is_writable():
            raise faults.forbidden(str(self.layout.database))
        if filled and not self.layout.database.exists():
            raise self._lost()
        session = self._connect("mode=rwc")
        try:
            # What is newer, foreign or lost is refused before anything is changed.
            if not self._version(session) and filled:
                raise self._lost()
            _set_journal(session, self.layout.database, self._patiently)
            return self._brought_up(session)
        except BaseException:
            session.close()
            raise

    def _connect(self, mode: str) -> sqlite3.Connection:
        address = f"{self.layout.database.resolve().as_uri()}?{mode}"
        session = sqlite3.connect(address, uri=True, timeout=TURN_S, isolation_level=None)
        for pragma in ("foreign_keys = ON", "trusted_schema = OFF", "fullfsync = ON"):
            session.execute(f"PRAGMA {pragma}")
        return session

    def _is_writable(self) -> bool:
        """Whether the database, if there is one, and its folder may be written (SQLite needs both)."""
        places = [self.layout.root, *([self.layout.database] if self.layout.database.exists() else [])]
        return all(os.access(place, os.W_OK) for place in places)

    def _is_filled(self) -> bool:
        """Whether there are contents. Asked before the database is, which is made before the first one."""
        return self.layout.blobs.is_dir() and any(self.layout.blobs.iterdir())

    def _lost(self) -> StoreError:
        """Contents without a database: somebody removed it, and going on would call them all orphans."""
        where = str(self.layout.database)
        return faults.damaged(where, "it is missing or empty, though there are contents in blobs/")

    def _version(self, session: sqlite3.Connection) -> int:
        version = int(self._patiently(lambda: session.execute("PRAGMA user_version").fetchone())[0])
        tables = int(session.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
        # The mark last: another process may make the database right now, and sets all three at once.
        mark = int(session.execute("PRAGMA application_id").fetchone()[0])
        if (version or tables) and mark != schema.APPLICATION_ID:
            raise faults.damaged(str(self.layout.database), "it belongs to another program")
        if version > len(schema.MIGRATIONS):
            raise StoreError(
                f"this store has schema {version}",
                where=str(self.layout.database),
                expected=f"at most {len(schema.MIGRATIONS)}, which this version of headstart knows",
                remedy="Upgrade headstart, or use another store with --store. Nothing was changed.",
            )
        return version

    def _brought_up(self, session: sqlite3.Connection) -> sqlite3.Connection:
        while (step := self._version(session)) < len(schema.MIGRATIONS):
            self._patiently(lambda: session.execute("BEGIN IMMEDIATE"))
            if self._version(session) == step:  # no other process was faster
                for statement in schema.MIGRATIONS[step]:
                    session.execute(statement)
                session.execute(f"PRAGMA user_version = {step + 1}")
            self._patiently(lambda: session.execute("COMMIT"))
            if self.layout.root.is_dir():
                sync_folder(self.layout.root)
        return session

    def _patiently(self, ask: Callable[[], Result]) -> Result:
        begin = time.monotonic()
        while True:
            try:
                return ask()
            except sqlite3.OperationalError as error:
                if faults.code(error) not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                    raise
                waited_s = time.monotonic() - begin
                if waited_s > PATIENCE_S:
                    raise faults.busy(str(self.layout.database), waited_s) from error
            time.sleep(random.uniform(0.005, 0.05))  # so that those who wait do not all return at once


def _set_journal(
    session: sqlite3.Connection,
    database: Path,
    patiently: Callable[[Callable[[], object]], object],
) -> None:
    wanted = journal.choose(database.parent)
    if wanted.mode == "WAL":
        patiently(lambda: session.execute("PRAGMA journal_mode = WAL").fetchone())
    elif journal.keeps_log(database):
        # Left so by another version. Alone with it, the log is written back and cannot meet a second writer.
        session.execute("PRAGMA locking_mode = EXCLUSIVE")
        patiently(lambda: session.execute("PRAGMA journal_mode = DELETE").fetchone())
        session.execute("PRAGMA locking_mode = NORMAL")
        session.execute("SELECT count(*) FROM sqlite_master").fetchone()  # gives the lock back
    session.execute(f"PRAGMA synchronous = {wanted.synchronous}")
