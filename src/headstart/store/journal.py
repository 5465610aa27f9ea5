"""Which journal the database keeps: the fast one only where it is known to be safe.

SQLite's write-ahead log can lose a transaction when a checkpoint and a restart of the log meet
(https://sqlite.org/wal.html#walresetbug); mended in 3.51.3, 3.50.7 and 3.44.6. And it needs memory shared
between processes, which network file systems do not have.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

_MENDED = {(3, 50): 7, (3, 44): 6}
_MENDED_FROM = (3, 51, 3)
_NETWORK = (
    "nfs",
    "cifs",
    "smb",
    "9p",
    "afs",
    "ceph",
    "lustre",
    "gpfs",
    "gluster",
    "sshfs",
    "beegfs",
    "webdav",
)
_WAL_MARK = b"\x02\x02"  # bytes 18 and 19 of the database: written and read through a log


@dataclass(frozen=True, slots=True)
class Journal:
    """The pragmas ``journal_mode`` and ``synchronous``, and why these."""

    mode: str
    synchronous: str
    because: str


def choose(folder: Path, version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> Journal:
    """The journal for a database in `folder` under SQLite `version`.

    >>> choose(Path("."), (3, 40, 1)).mode, choose(Path("."), (3, 40, 1)).synchronous
    ('DELETE', 'EXTRA')
    """
    number = ".".join(map(str, version))
    if not log_is_safe(version):
        return Journal("DELETE", "EXTRA", f"SQLite {number} may lose a transaction from a write-ahead log")
    if over_network(folder):
        return Journal("DELETE", "EXTRA", "a write-ahead log needs a disk of this machine")
    return Journal("WAL", "FULL", f"SQLite {number} keeps a write-ahead log safely")


def log_is_safe(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite has the write-ahead log mended.

    >>> [log_is_safe(v) for v in ((3, 44, 6), (3, 45, 0), (3, 50, 7), (3, 51, 2), (3, 51, 3))]
    [True, False, True, False, True]
    """
    return version >= _MENDED_FROM or version[2] >= _MENDED.get(version[:2], version[2] + 1)


def over_network(folder: Path) -> bool:
    """Whether `folder` lies on a network file system, as far as this machine can say."""
    import psutil

    try:
        disks = psutil.disk_partitions(all=True)
    except OSError:
        return False
    above = {str(place) for place in (folder.resolve(), *folder.resolve().parents)}
    kinds = [(len(disk.mountpoint), disk.fstype) for disk in disks if disk.mountpoint in above]
    kind = max(kinds, default=(0, ""))[1].lower()
    return any(word in kind for word in _NETWORK)


def keeps_log(database: Path) -> bool:
    """Whether the database was last left with a write-ahead log."""
    try:
        with database.open("rb") as file:
            return file.read(20)[18:] == _WAL_MARK
    except FileNotFoundError:
        return False
