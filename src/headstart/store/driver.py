"""Which SQLite the store speaks to: one that keeps a write-ahead log safely, where there is one.

SQLite's log can lose a transaction when a checkpoint and a restart of the log meet
(https://sqlite.org/wal.html#walresetbug); mended in 3.51.3, 3.50.7 and 3.44.6. Python's own SQLite is as old
as the system it was built on. The package ``pysqlite3`` (zlib licence, wheels for Linux, macOS, Windows) is
the same module around a newer one. Either serves: without a safe log the store keeps the older journal.

The whole store goes through `sqlite`: two copies of SQLite in one process must never open the same file, for
when one of them closes it the system drops the other's locks (https://sqlite.org/howtocorrupt.html, 2.2).
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

INSTALL = "pip install 'pysqlite3>=0.6'"  # from 0.6 on its wheels bring a SQLite with the log mended

_MENDED = {(3, 50): 7, (3, 44): 6}
_MENDED_FROM = (3, 51, 3)


def log_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite has the write-ahead log mended.

    >>> [log_is_safe(v) for v in ((3, 44, 6), (3, 45, 0), (3, 50, 7), (3, 51, 2), (3, 51, 3))]
    [True, False, True, False, True]
    """
    return version >= _MENDED_FROM or version[2] >= _MENDED.get(version[:2], version[2] + 1)


def best(own: Any) -> Any:
    """The module to use: Python's `own` where its log is safe, else pysqlite3 where it is there and safe.

    >>> best(sqlite3).__name__ in ("sqlite3", "pysqlite3.dbapi2")
    True
    """
    if log_is_safe(own.sqlite_version_info):
        return own
    try:
        from pysqlite3 import dbapi2
    except (ImportError, OSError):  # not installed, or not for this machine
        return own
    return dbapi2 if log_is_safe(dbapi2.sqlite_version_info) else own


if TYPE_CHECKING:
    sqlite = sqlite3
else:
    sqlite = best(sqlite3)


def name() -> str:
    """The SQLite in use, for people.

    >>> name().split()[0] in ("SQLite", "pysqlite3's")
    True
    """
    owner = "" if sqlite.__name__ == "sqlite3" else f"{sqlite.__name__.partition('.')[0]}'s "
    return f"{owner}SQLite {sqlite.sqlite_version}"
