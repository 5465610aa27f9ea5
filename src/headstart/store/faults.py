"""What can go wrong with a store's files, as errors that say what to do."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from headstart.core.errors import HeadstartError, MachineError, StoreError
from headstart.store import driver

LEAST_BYTES = 64 << 10  # SQLite makes the index of a log in pieces of 32 KiB

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EROFS, errno.EACCES, errno.EPERM)


@contextmanager
def explained(root: Path) -> Iterator[None]:
    """Turn errors of the operating system and of SQLite, met in the store at `root`, into ours."""
    try:
        yield
    except driver.sqlite.Error as error:
        known = _from_sqlite(error, root)
        if known is None:
            raise
        raise known from error
    except OSError as error:
        where = str(error.filename or root)
        if error.errno in _FULL:
            raise full(where) from error
        if error.errno in _FORBIDDEN:
            raise forbidden(where) from error
        raise


def full(where: str) -> MachineError:
    """The disk takes no more."""
    return MachineError(
        "no space is left on the disk",
        where=where,
        remedy="Free some space; after that `headstart store gc` removes what nothing refers to. "
        "Or use a store on another disk with --store. What the store held is unharmed.",
    )


def forbidden(where: str) -> StoreError:
    """The store cannot be written, or not even read."""
    return StoreError(
        "this is read-only, or belongs to another user",
        where=where,
        remedy="Change its permissions, or use another store with --store. Nothing was changed.",
    )


def damaged(where: str, what: str) -> StoreError:
    """The database is not what it was."""
    return StoreError(
        f"the store's database is damaged: {what}",
        where=where,
        expected="a SQLite database with the store's tables",
        remedy="Restore meta.db from a copy, or move the store's folder away and add the objects again; "
        "the contents under blobs/ were not touched.",
    )


def busy(where: str, waited_s: float) -> MachineError:
    """Somebody else has been writing for longer than any of our writes takes."""
    return MachineError(
        f"another process has kept the store locked for {waited_s:.0f} s",
        where=where,
        remedy="Wait for it or end it, then try again. Nothing was changed.",
    )


def code(error: sqlite3.Error) -> int:
    """SQLite's primary result code; 0 where the error is none of SQLite's own."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _is_full(root: Path) -> bool:
    there = next(folder for folder in (root, *root.parents) if folder.exists())
    return shutil.disk_usage(there).free < LEAST_BYTES


def _from_sqlite(error: sqlite3.Error, root: Path) -> HeadstartError | None:
    database = str(root / "meta.db")
    kind = code(error)
    if kind == driver.sqlite.SQLITE_FULL:
        return full(database)
    if kind in (driver.sqlite.SQLITE_READONLY, driver.sqlite.SQLITE_CANTOPEN, driver.sqlite.SQLITE_PERM):
        return forbidden(database)
    if kind in (driver.sqlite.SQLITE_CORRUPT, driver.sqlite.SQLITE_NOTADB):
        return damaged(database, str(error))
    if kind == driver.sqlite.SQLITE_IOERR:
        if _is_full(root):  # a log's index that finds no room is told as a failure
            return full(database)
        return MachineError(
            f"the disk failed ({error})",
            where=database,
            remedy="Check the disk, then `headstart store verify`.",
        )
    if kind == driver.sqlite.SQLITE_ERROR and "no such" in str(error):
        return damaged(database, str(error))
    return None
