"""Which journal the database keeps: the fast one only where it is known to be safe.

SQLite's write-ahead log is safe from certain versions on (`driver.log_is_safe`). And it needs memory shared
between processes, which network file systems do not have.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from headstart.store import driver

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
    """The pragma ``journal_mode``, and why this one; ``synchronous``, which is full with either.

    EXTRA means FULL for the log; for the older journal it also brings the folder's names to the disk.
    """

    mode: str
    because: str
    synchronous: str = "EXTRA"


def choose(folder: Path) -> Journal:
    """The journal for a database in `folder` under the SQLite in use.

    >>> choose(Path(".")).mode in ("DELETE", "WAL")
    True
    """
    if not driver.log_is_safe(driver.sqlite.sqlite_version_info):
        return Journal("DELETE", f"{driver.name()} may lose a transaction from a write-ahead log")
    if over_network(folder):
        return Journal("DELETE", "a write-ahead log needs a disk of this machine")
    return Journal("WAL", f"{driver.name()} keeps a write-ahead log safely")


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
