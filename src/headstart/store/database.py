"""The database: opened with the right journal and schema, and never "locked" for a user who can wait."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

from headstart.core.errors import StoreError
from headstart.store import driver, faults, journal, schema
from headstart.store.durable import make_folder, sync_folder
from headstart.store.layout import Layout

PATIENCE_S = 120.0  # our own writes take milliseconds; who holds the lock longer is stopped or foreign
TURN_S = 10.0  # how long SQLite itself waits, before we ask anew

Result = TypeVar("Result")


class _TurnedError(Exception):
    """Another process has changed the journal to one that this SQLite does not keep safely."""


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
        with faults.explained(self.layout.root), closing(self._patiently(self._begin)) as session:
            try:
                yield session
                self._patiently(lambda: session.execute("COMMIT"))
            except BaseException:
                with suppress(driver.sqlite.Error):  # the first error is the one to tell
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
            return self._brought_up(driver.sqlite.connect(":memory:", isolation_level=None))
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
        return self._patiently(lambda: self._attempt(filled))

    def _attempt(self, filled: bool) -> sqlite3.Connection:
        """One try to open, given up as a whole: two that each keep half of it would wait for each other."""
        session = self._connect("mode=rwc")
        try:
            # What is newer, foreign or lost is refused before anything is changed.
            if not self._version(session) and filled:
                raise self._lost()
            self._keep_journal(session)
            return self._brought_up(session)
        except BaseException:
            session.close()
            raise

    def _begin(self) -> sqlite3.Connection:
        """A session that is writing already, and with a journal that its SQLite keeps safely."""
        session = self._open_to_write()
        try:
            session.execute("BEGIN IMMEDIATE")
            if _is_logged(session) and journal.choose(self.layout.root).mode != "WAL":
                raise _TurnedError  # by a process with a newer SQLite, since we opened it
        except BaseException:
            session.close()
            raise
        return session

    def _keep_journal(self, session: sqlite3.Connection) -> None:
        """Set the chosen journal; a store that another SQLite left with a log is converted.

        SQLite writes the log back and leaves it while it alone has the database open, or says it is busy.
        """
        wanted = journal.choose(self.layout.root)
        if wanted.mode == "WAL" or _is_logged(session):
            session.execute(f"PRAGMA journal_mode = {wanted.mode}").fetchone()
        session.execute(f"PRAGMA synchronous = {wanted.synchronous}")

    def _connect(self, mode: str) -> sqlite3.Connection:
        address = f"{self.layout.database.resolve().as_uri()}?{mode}"
        session = driver.sqlite.connect(address, uri=True, timeout=TURN_S, isolation_level=None)
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
            except (driver.sqlite.OperationalError, _TurnedError) as error:
                if not isinstance(error, _TurnedError) and faults.code(error) not in _locked():
                    raise
                waited_s = time.monotonic() - begin
                if waited_s > PATIENCE_S:
                    raise faults.busy(str(self.layout.database), waited_s) from error
            time.sleep(random.uniform(0.005, 0.05))  # so that those who wait do not all return at once


def _is_logged(session: sqlite3.Connection) -> bool:
    return bool(session.execute("PRAGMA journal_mode").fetchone()[0] == "wal")


def _locked() -> tuple[int, int]:
    return driver.sqlite.SQLITE_BUSY, driver.sqlite.SQLITE_LOCKED
