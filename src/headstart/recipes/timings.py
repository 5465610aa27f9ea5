"""What timed probes chose on this machine: the number format of every network, and when it was timed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.sources import machine
from headstart.sources.precision import Probe
from headstart.training import step_precision

CODE, TITLE = "HS-M07", "Number formats"


def timings() -> Finding:
    """HS-M07: how each network is read and tuned here, how much faster that is, and how to time it anew."""
    try:
        kept = machine.kept()
    except (ImportError, OSError):  # without torch nothing was timed; another examination says so
        kept = []
    chosen = defaultdict[str, dict[str, list[str]]](lambda: defaultdict(list))
    days = set()
    for one in kept:
        try:
            how, gain = choice(one.facts["what"], one.measured)
            said = "not timed" if gain is None else f"{gain:.1f}"
            chosen[how][network(one.facts)].append(f"{said} on {one.facts['threads']}")
        except (KeyError, TypeError, ValueError, ZeroDivisionError):  # no format, or damaged
            continue
        days.add(one.taken.date().isoformat())
    if not chosen:
        return Finding(CODE, Severity.INFO, TITLE, "nothing has been timed yet", (), remedy="")
    lists = {how: [f"{name} ({', '.join(gains)})" for name, gains in chosen[how].items()] for how in chosen}
    said = "; ".join(f"{how}: {', '.join(sorted(lists[how]))}" for how in sorted(lists))
    when = " to ".join(sorted({min(days), max(days)}))
    return Finding(
        CODE,
        Severity.INFO,
        TITLE,
        f"timed {when} (times as fast in bfloat16, on so many threads); {said}",
        (str(machine.folder()),),
        remedy=f"Only if the machine was busy then: delete {machine.folder()}, and the next run times anew. "
        "A model fitted then may differ in the last digits from one fitted before.",
    )


def choice(what: str, measured: Mapping[str, Any]) -> tuple[str, float | None]:
    """The work and its format in words, and how many times as fast bfloat16 is; None: not timed."""
    if what == "precision":
        probe = Probe(**measured)
        return f"read in {probe.dtype}", probe.gain
    if what == "step precision":
        return f"tuned in {step_precision.chosen(measured)}", measured["float32"] / measured["bfloat16"]
    raise ValueError(what)


def network(facts: Mapping[str, Any]) -> str:
    """A network, and what part of it was timed.

    >>> network({"architecture": "timm/resnet18", "parameters": 11_700_000, "cut": 3, "size": 96})
    'resnet18 11.7 M from block 3 at 96'
    """
    name = str(facts["architecture"]).rpartition("/")[2]
    part = f" from block {facts['cut']}" if "cut" in facts else ""
    return f"{name} {facts['parameters'] / 1e6:.1f} M{part} at {facts['size']}"
