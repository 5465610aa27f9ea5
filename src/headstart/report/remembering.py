"""What tuning did to the source task (`--keep`), in words."""

from __future__ import annotations

from headstart.core.run import Remembered, Retention, RetentionPoint, RunRecord
from headstart.report.names import source_name
from headstart.report.quantities import NARROW, percent
from headstart.report.units import Unit, unit_of


def remembering(run: RunRecord) -> tuple[str, ...]:
    """A sentence or two for each tuned network that is handed back; what it means where there is none."""
    kept = run.retention
    if kept is None:
        return ()
    said = [
        _told(run, line, point, kept)
        for line in kept.networks
        for point in line.curve
        if point.weight > 0 and point.alpha > 0
    ]
    if not said:
        said.append(_nothing(run, kept))
    if any(line.seen for line in kept.networks):
        said.append(
            "The source learned from the very rows it is scored on, so its score before is flattered."
        )
    if kept.left_out:
        said.append(f"{kept.left_out} rows of {kept.task} are in the new data too and were left out.")
    if kept.reason:
        said.append(f"Not measured: {kept.reason}.")
    return tuple(said)


def _nothing(run: RunRecord, kept: Retention) -> str:
    handed_back = {member.candidate for member in run.chosen.members}
    tuned = [one for one in run.candidates if one.id in handed_back and one.rung > 2]
    if tuned:
        return f"What the tuned networks still know of {kept.task} could not be measured."
    return (
        f"Nothing of {kept.task} can be forgotten: no tuned network is in the model, and what is in it "
        "leaves its source as it is."
    )


def _told(run: RunRecord, line: Remembered, point: RetentionPoint, kept: Retention) -> str:
    unit = unit_of(kept.metric)
    way = "tuned" if point.alpha == 1 else f"{percent(point.alpha, 0)} of the way from source to tuned"
    again = ""
    if point.alpha == 1:
        pair = (unit.score(line.refitted), unit.score(line.refitted_before))
        again = f" With a head fitted anew it is {pair[0]} ({pair[1]} before)."
    return (
        f"{source_name(run, line.source)}, {way}, scores {unit.score(point.source_score)} on {kept.task} "
        f"with its old head left as it is; as it came, {unit.score(line.before)}. "
        f"{_judged(point, unit)}{again}"
    )


def _judged(point: RetentionPoint, unit: Unit) -> str:
    span = f"change {unit.gain(-point.forgetting)}, 90{NARROW}% interval {_change(point, unit)}"
    if point.interval.low > 0:
        return f"It has forgotten ({span})."
    if point.interval.high < 0:
        return f"It has even gained there ({span})."
    return f"No forgetting can be seen ({span})."


def _change(point: RetentionPoint, unit: Unit) -> str:
    fell = point.interval
    return unit.gain_interval(type(fell)(-fell.high, -fell.low, fell.level))
