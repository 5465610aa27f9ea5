"""A development in words: what came of it, why so, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from headstart.core.development import Alternative, DevelopRecord
from headstart.core.run import RankedSource
from headstart.report.quantities import count
from headstart.report.units import unit_of

OUT_OF_TIME = "out of time"  # status of a way to begin


def headline(record: DevelopRecord) -> str:
    """The outcome in one sentence."""
    choice, object_ = record.choice, record.object
    kept = f"{object_.name}@{object_.version}"
    start = f"continued from {choice.parent}" if choice.parent else "from scratch"
    if record.held_out is None:
        return f"{kept}: {start}, learned from {count(record.rows.learn)} examples without labels."
    unit = unit_of(record.held_out.metric)
    said = f"{kept}: {start}, {unit.label} {unit.score(record.held_out.score)} on held-out data"
    if record.baseline is None:
        return said + "."
    return said + f", against {unit.score(record.baseline.score)} without developing anything."


def reason(lines: Sequence[Alternative], looked: Sequence[RankedSource], metric: str) -> str:
    """Why it was begun so: the evidence on the part to stop by."""
    unit = unit_of(metric)
    best = lines[0]
    others = [line for line in lines if line.start != best.start]
    said = "from scratch" if best.parent is None else f"continued from {best.parent}"
    if best.parent and best.start != best.parent:
        said += " on pairs of the same and of another class"
    if best.parent and looked:
        at_hand = sum(1 for line in looked if line.rank)
        said += f", picked from {at_hand} sources by a first look"
    compared = [f"{line.start}: {unit.score(line.score)}" for line in others if line.score is not None]
    own = max(line.score for line in lines if line.start == best.start and line.score is not None)
    if compared:
        return f"{said}: {unit.score(own)} on the part to stop by, against {'; '.join(compared)}."
    failed = [f"{line.start} ({line.status})" for line in others]
    if failed:
        return f"{said}; nothing else was affordable: {', '.join(failed)}."
    return f"{said}; nothing else was tried."


def stopped(record: DevelopRecord) -> str:
    """By what a development was cut short, and what that left out; empty where it was not."""
    if record.stopped is None:
        return ""
    if record.stopped == "interrupt":
        return "by you: this is the best so far."
    said = ["by the time limit: this is the best so far."]
    if record.rows.left_out:
        said.append(f"{count(record.rows.left_out)} examples were left out to end in time.")
    untried = [
        one.start for one in record.choice.alternatives if one.status == OUT_OF_TIME and not one.epochs
    ]
    if untried:
        said.append(f"Not tried for want of time: {', '.join(untried)}.")
    return " ".join(said)


def next_steps(record: DevelopRecord, target: str | None) -> tuple[str, ...]:
    """How the stored source is reused and tuned, as lines that can be typed."""
    source = record.object.source
    data = target or "TARGET"
    return (
        f"Reuse and tune it: headstart fit {data} --source {source}",
        f"Let it compete with all other sources: headstart fit {data}",
        f"See where it comes from: headstart store lineage {record.object.name}",
    )
