"""Which earlier runs were heard, in one sentence."""

from __future__ import annotations

from headstart.core.run import RunRecord

NAMED = 3


def earlier(run: RunRecord) -> str:
    """The runs of the store that spoke before the present labels did; empty where none did."""
    heard = run.earlier
    if not heard:
        return ""
    names = ", ".join(one.id for one in heard[:NAMED])
    more = f" and {len(heard) - NAMED} more" if len(heard) > NAMED else ""
    runs = f"{len(heard)} earlier runs" if len(heard) > 1 else "An earlier run"
    return (
        f"{runs} on similar data ({names}{more}) said beforehand what to expect of each source. They never "
        "see the present labels, and none of them shares a row with the present data."
    )
