"""The few numbers under the verdict."""

from __future__ import annotations

from dataclasses import dataclass

from headstart.core.run import RunRecord
from headstart.report.headline import pair
from headstart.report.quantities import MISSING, about, fixed, percent
from headstart.report.units import unit_of


@dataclass(frozen=True, slots=True)
class Fact:
    """A number with its name (a word of the glossary where there is one) and what it says."""

    name: str
    value: str
    note: str
    term: str | None = None


def facts(run: RunRecord) -> list[Fact]:
    """Gain, its probability, its worth in labels, near or far, the test score: those that there are."""
    verdict, unit = run.verdict, unit_of(run.verdict.metric)
    found: list[Fact] = []
    if run.candidates:
        between = f"{percent(verdict.interval.level, 0)} interval {unit.gain_interval(verdict.interval)}"
        found.append(Fact("Gain", unit.gain(verdict.gain), between, "gain"))
        sure, note = percent(verdict.probability_of_gain, 0), "probability that transfer beats the control"
        found.append(Fact("Sure of a gain", sure, note, "probability of a gain"))
    worth = verdict.label_equivalents
    if worth:
        more = "> " if worth.censored == "above" else "≈ "
        note = f"more labels without transfer would do the same ({about(worth.low)} to {about(worth.high)})"
        if worth.censored == "above":
            note = "more labels would be needed without transfer"
        found.append(Fact("Worth in labels", f"{more}{about(worth.value)}", note, "label-equivalents"))
    if verdict.distance:
        note = f"distance {fixed(verdict.distance.value, 2)} on a scale from 0 (same task) to 1 (unrelated)"
        found.append(Fact("Kind of transfer", verdict.distance.kind, note, "near or far"))
    test = run.chosen.test
    if test:
        found.append(
            Fact(
                "On the test set",
                unit.score(test.estimate),
                f"touched once, at the end; {unit.interval(test.interval)}",
            )
        )
    return found


def handed_back(run: RunRecord) -> str:
    """What the person holds in the hand now, and how good it is."""
    unit, score = unit_of(run.task.metric), run.chosen.score
    both = pair(run)
    what = "the combination with transfer" if run.verdict.gate_passed else "the best model without transfer"
    expected = both.with_transfer if run.verdict.gate_passed else both.without
    interval = unit.interval(score.interval)
    between = "" if interval == MISSING else f" ({interval})"
    return f"Handed back: {what}, expected {unit.label} {unit.score(expected)}{between}."
