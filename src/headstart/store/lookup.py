"""Finding an object by what people write."""

from __future__ import annotations

import difflib
import sqlite3

from headstart.core.errors import StoreError
from headstart.store import rows
from headstart.store.layout import Reference
from headstart.store.objects import StoredObject


def one(session: sqlite3.Connection, text: str) -> StoredObject:
    """The object that ``NAME@VERSION`` names; for ``NAME`` its newest version.

    Raises:
        StoreError: there is none; near names are suggested.
    """
    return versions(session, text)[-1]


def versions(session: sqlite3.Connection, text: str) -> list[StoredObject]:
    """Every version that `text` means: at least one, the newest last.

    Raises:
        StoreError: there is none; near names are suggested.
    """
    reference = Reference.parse(text)
    found = rows.named(session, reference)
    if found:
        return found
    others = [
        str(version)
        for (version,) in session.execute(
            "SELECT version FROM objects WHERE name = ? ORDER BY version", (reference.name,)
        )
    ]
    if others:
        raise StoreError(
            f"the store has no {reference}",
            expected=f"a version of {', '.join(others)}",
        )
    names = [name for (name,) in session.execute("SELECT DISTINCT name FROM objects ORDER BY name")]
    near = difflib.get_close_matches(reference.name, names, n=3)
    wish = f"Did you mean {' or '.join(near)}?" if near else "`headstart store ls` lists what is there."
    raise StoreError(f"the store has no object {reference}", remedy=wish)
