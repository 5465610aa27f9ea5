"""How fast a source was read last: what a pass really took replaces what a small probe foretold.

A probe is kept for ever, because the number format that it decides is part of a feature's key. One that was
taken beside other work would then keep a source out for its price for ever, too. So the price is the pace of
the last pass on this machine, where there was one.
"""

from __future__ import annotations

from typing import Any

from headstart.core.source import SourceCard
from headstart.sources import machine

LEAST_ROWS = 64  # fewer say more about starting than about going on


def observe(card: SourceCard, size: int, seconds: float, **place: Any) -> None:
    """Keep that a full example at `size` took so many seconds; `place`: device and threads."""
    machine.replace(_facts(card, size, **place), {"seconds": seconds})


def last(card: SourceCard, size: int, **place: Any) -> float | None:
    """Seconds a full example took in the last pass at this size; None: there was none."""
    known = machine.known(_facts(card, size, **place))
    return None if known is None else float(known["seconds"])


def _facts(card: SourceCard, size: int, *, device: str, threads: int) -> dict[str, Any]:
    from headstart.sources.precision import facts

    return {**facts(card, size, device=device, threads=threads), "what": "pace"}
