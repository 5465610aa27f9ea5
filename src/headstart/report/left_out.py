"""What the time limit left out of a run, and how much time was missing, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from headstart.core.run import RunRecord
from headstart.core.shortfall import Shortfall
from headstart.report.quantities import duration

MOST_FRAC = 0.9  # of the limit: a run that used less surprises people who read that time was short
# (work, begun): the thing, and what became of it.
_SAID = {
    ("look", False): ("source", "not looked at"),
    ("tuning", False): ("tuning", "not begun"),
    ("tuning", True): ("tuning", "begun and not finished, so not used"),
    ("control", False): ("network from scratch", "not begun"),
    ("control", True): ("network from scratch", "begun and not finished, so not used"),
}


def left_out(run: RunRecord) -> list[str]:
    """A sentence for each kind of work that did not fit, then what of the limit was used; or nothing."""
    if not run.left_out:
        return []
    told = [_sentence(*_SAID[kind], of_kind) for kind, of_kind in _kinds(run.left_out)]
    limit_s = run.lineage.options.get("time_limit_s")
    if limit_s and run.cost.wall_s < MOST_FRAC * limit_s:
        used = f"{duration(run.cost.wall_s)} of {duration(limit_s)} were used"
        told.append(f"{used}: what would not end in time is not begun.")
    return told


def things(run: RunRecord) -> str:
    """What was left out, counted: as in ``1 source and 2 tunings``; empty where nothing was."""
    kinds = Counter(_SAID[one.work, one.begun][0] for one in run.left_out)
    return " and ".join(_counted(number, name) for name, number in kinds.items())


def _kinds(left_out: Sequence[Shortfall]) -> Iterable[tuple[tuple[str, bool], list[Shortfall]]]:
    for kind in _SAID:
        if of_kind := [one for one in left_out if (one.work, one.begun) == kind]:
            yield kind, of_kind


def _sentence(name: str, became: str, of_kind: Sequence[Shortfall]) -> str:
    said = f"{_counted(len(of_kind), name)} {'was' if len(of_kind) == 1 else 'were'} {became}"
    timed = [one for one in of_kind if one.needed_s is not None]
    if not timed:
        return f"{said}: no time was left."
    cheapest = min(timed, key=lambda one: one.needed_s or 0.0)
    which = "it" if len(of_kind) == 1 else "the cheapest"
    needed = f"{duration(cheapest.needed_s or 0.0)}{' more' if cheapest.begun else ''}"
    spared = duration(cheapest.left_s) if cheapest.left_s >= 0.5 else "nothing"
    share = " of the part for looking" if cheapest.work == "look" else ""
    return f"{said}: {which} would have needed about {needed}, and {spared}{share} could be spared for it."


def _counted(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"
