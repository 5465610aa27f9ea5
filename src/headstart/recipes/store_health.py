"""How the knowledge store is: what is in it, how it is written, whether it can be opened."""

from __future__ import annotations

from headstart.core.errors import HeadstartError
from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.recipes.sizes import show_bytes
from headstart.store import Store, driver, journal

CODE, TITLE = "HS-M08", "Knowledge store"
NEWER = (
    f"Nothing has to be done: this journal is as safe. `{driver.INSTALL}` brings a SQLite with which readers "
    "and a writer do not wait for each other."
)


def store_health() -> Finding:
    """HS-M08: objects in the store, its journal, the SQLite at hand; the contents are not hashed again."""
    where = ""
    try:
        store = Store()
        where = str(store.layout.root)
        chosen, was_logged = journal.choose(store.layout.root), journal.keeps_log(store.layout.database)
        objects = store.ls()
        is_logged = journal.keeps_log(store.layout.database)
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
    detail = f"{kept}; journal {chosen.mode}, synchronous {chosen.synchronous}: {chosen.because}"
    if objects and was_logged != is_logged:
        detail += f"; it was left with {'a' if was_logged else 'no'} write-ahead log, and is converted now"
    remedy = "" if driver.log_is_safe(driver.sqlite.sqlite_version_info) else NEWER
    return Finding(CODE, Severity.INFO, TITLE, detail, (where,), remedy=remedy)
