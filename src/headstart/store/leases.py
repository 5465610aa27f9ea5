"""Contents in somebody's hands: between being written and being referred to, `gc` must not take them.

A lease is a row, taken and looked at inside write transactions only. So a writer who finds a content there
has leased it before `gc` looks, or `gc` has removed it before the writer looks and it is written again.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable

from headstart.store.holder import holds_still


def take(session: sqlite3.Connection, holder: str, contents: Iterable[str]) -> None:
    """Lease contents (hashes) for a holder."""
    now = time.time()
    session.executemany(
        "INSERT OR IGNORE INTO leases (holder, sha256, since) VALUES (?, ?, ?)",
        [(holder, sha256, now) for sha256 in contents],
    )


def give_back(session: sqlite3.Connection, holder: str) -> None:
    """End all leases of a holder."""
    session.execute("DELETE FROM leases WHERE holder = ?", (holder,))


def expire(session: sqlite3.Connection) -> None:
    """End the leases of processes that are gone."""
    holders = session.execute("SELECT holder, max(since) FROM leases GROUP BY holder").fetchall()
    for holder, since in holders:
        if not holds_still(holder, since):
            give_back(session, holder)


def leased(session: sqlite3.Connection) -> set[str]:
    """The contents in somebody's hands."""
    return {sha256 for (sha256,) in session.execute("SELECT sha256 FROM leases")}
