"""Finding an object by what people write."""

from __future__ import annotations

import difflib
import re
import sqlite3

from headstart.core.errors import StoreError
from headstart.store import rows
from headstart.store.layout import Reference
from headstart.store.objects import StoredObject

PREFIX = re.compile(r"[0-9a-f]{8,64}")  # as much of a hash as people copy


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
            remedy="`headstart store ls` shows what there is.",
        )
    names = [name for (name,) in session.execute("SELECT DISTINCT name FROM objects ORDER BY name")]
    near = difflib.get_close_matches(reference.name, names, n=3)
    wish = f"Did you mean {' or '.join(near)}?" if near else "`headstart store ls` lists what is there."
    raise StoreError(f"the store has no object {reference}", remedy=wish)


def contents(session: sqlite3.Connection, text: str) -> set[str]:
    """The contents (hashes) that `text` means, in the store or only a parent of what is there.

    It may be ``NAME`` (all versions), ``NAME@VERSION``, the label of a parent (``data train``), or the first
    eight or more digits of a hash, for example of a data set's fingerprint.

    Raises:
        StoreError: there is none, or there are several with these digits; near names are suggested.
    """
    labelled = session.execute("SELECT DISTINCT sha256 FROM parents WHERE label = ?", (text,)).fetchall()
    if labelled:
        return {sha256 for (sha256,) in labelled}
    named = session.execute("SELECT 1 FROM names WHERE name = ?", (text,)).fetchone()
    if PREFIX.fullmatch(text) and not named:
        return {_by_digits(session, text)}
    try:
        return {each.sha256 for each in versions(session, text)}
    except StoreError as error:
        labels = [label for (label,) in session.execute("SELECT DISTINCT label FROM parents") if label]
        near = difflib.get_close_matches(text, labels, n=3)
        if not near:
            raise
        wish = f"Did you mean {' or '.join(map(repr, near))}?"
        raise StoreError(f"the store knows no {text!r}", remedy=wish) from error


def is_known(session: sqlite3.Connection, sha256: str) -> bool:
    """Whether an object has this content hash, or was made from what has it."""
    asked = "SELECT 1 FROM objects WHERE sha256 = ? UNION SELECT 1 FROM parents WHERE sha256 = ?"
    return session.execute(asked, (sha256, sha256)).fetchone() is not None


def _by_digits(session: sqlite3.Connection, digits: str) -> str:
    """The one content whose hash begins so."""
    given = (f"{digits}*",) * 2
    found = session.execute(
        "SELECT sha256 FROM objects WHERE sha256 GLOB ? UNION SELECT sha256 FROM parents WHERE sha256 GLOB ?",
        given,
    ).fetchall()
    if len(found) == 1:
        return str(found[0][0])
    if found:
        raise StoreError(f"{len(found)} hashes begin with {digits}", remedy="Give more of its digits.")
    raise StoreError(
        f"nothing in the store has a hash that begins with {digits}, or was made from such",
        expected="the hash of an object, or a parent's: of data, of a source",
        remedy="`headstart store show NAME` lists the hashes that an object was made from.",
    )
