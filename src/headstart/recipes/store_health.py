"""How the knowledge store is: what is in it, how it is written, whether it can be opened."""

from __future__ import annotations

import sqlite3

from headstart.core.errors import HeadstartError
from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.recipes.sizes import show_bytes
from headstart.store import Store, journal

CODE, TITLE = "HS-M08", "Knowledge store"


def store_health() -> Finding:
    """HS-M08: objects in the store, its journal, the SQLite at hand; the contents are not hashed again."""
    where = ""
    try:
        store = Store()
        where = str(store.layout.root)
        objects, chosen = store.ls(), journal.choose(store.layout.root)
    except HeadstartError as error:
        return Finding(
            CODE,
            Severity.ERROR,
            "The knowledge store cannot be opened",
            error.found,
            (error.where or where,),
            remedy=error.remedy or "headstart store verify",
        )
    size = sum({file.sha256: file.bytes for each in objects for file in each.files}.values())
    kept = f"{len(objects)} objects, {show_bytes(size)}" if objects else "empty"
    detail = (
        f"{kept}; SQLite {sqlite3.sqlite_version}, journal {chosen.mode}, synchronous {chosen.synchronous}: "
        f"{chosen.because}"
    )
    return Finding(CODE, Severity.INFO, TITLE, detail, (where,), remedy="")
