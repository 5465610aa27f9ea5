"""The verdict in a sentence that somebody who is no specialist understands."""

from __future__ import annotations

import math
from dataclasses import dataclass

from headstart.core.kinds import Decision
from headstart.core.run import RunRecord
from headstart.report.units import Unit, unit_of

_OPENINGS = {
    Decision.TRANSFER: "Transfer helps",
    Decision.NO_TRANSFER: "Transfer does not help here",
    Decision.UNDECIDED: "Not enough evidence yet",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """The honest scores of the two answers that the verdict compares (metric's unit)."""

    with_transfer: float
    without: float


def pair(run: RunRecord) -> Pair:
    """With transfer and without, both corrected: what is handed back is one, the gain leads to the other."""
    score, gain = run.chosen.score.estimate, run.verdict.gain
    return Pair(score, score - gain) if run.verdict.gate_passed else Pair(score + gain, score)


def opening(run: RunRecord) -> str:
    """The decision in three words."""
    if not run.candidates and run.verdict.decision is not Decision.UNDECIDED:
        return "Nothing to transfer"
    return _OPENINGS[run.verdict.decision]


def comparison(run: RunRecord) -> str:
    """What it means, as counts of a hundred where the metric is accuracy."""
    unit, both = unit_of(run.verdict.metric), pair(run)
    if not run.candidates:
        return f"no source was tried; {_alone(unit, both.without)} without transfer"
    if not (math.isfinite(both.with_transfer) and math.isfinite(both.without)):
        return "the two could not be compared"
    better, worse, of = _shown(unit, both)
    match run.verdict.decision:
        case Decision.TRANSFER:
            return (
                f"{better} instead of {worse}" if better != worse else f"{better}, and barely less without it"
            )
        case Decision.NO_TRANSFER:
            if better == worse:
                return f"{better} with it as without it"
            return f"{better} with it, {worse} without it" if of else f"{better} with it and {worse} without"
        case _:
            if better == worse:
                return f"{better} with transfer or without"
            return f"{better} with transfer, {worse} without; chance could explain that"


def headline(run: RunRecord) -> str:
    """The whole sentence, as in: Transfer helps: 94 of 100 right instead of 86."""
    return f"{opening(run)}: {comparison(run)}."


def _shown(unit: Unit, both: Pair) -> tuple[str, str, bool]:
    """Both as words; whether they are counts. Counts of a thousand where a hundred hides a difference."""
    if unit.metric != "accuracy":
        return f"{unit.label} {unit.score(both.with_transfer)}", unit.score(both.without), False
    better, worse = both.with_transfer, both.without
    of = 100 if round(100 * better) != round(100 * worse) or abs(better - worse) < 0.0005 else 1000
    right, wrong = round(of * better), round(of * worse)
    if right == wrong:
        words = f"{right} of {of} right"
        return words, words, True
    return f"{right} of {of} right", str(wrong), True


def _alone(unit: Unit, score: float) -> str:
    if unit.metric == "accuracy" and math.isfinite(score):
        return f"{round(100 * score)} of 100 right"
    return f"{unit.label} {unit.score(score)}"
