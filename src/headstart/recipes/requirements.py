"""A specification against what is known of a model: one line for each requirement. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from headstart.core.estimate import Interval, Score
from headstart.core.specification import Met, Specification, SpecLine
from headstart.metrics.intervals import wilson

Curve = Sequence[tuple[int, float]]

MOST_TIMES = 20  # of a class's labels; a recall that needs more than that is not about labels


@dataclass(frozen=True)
class Recall:
    """How many examples of a class were answered right, of how many, out of fold.

    `widening` (>= 1) is the factor on a standard error for models that share training data
    (`metrics.intervals.widening`): so many rows are worth n / widening^2 independent ones.
    """

    right: int
    of: int
    widening: float = 1.0

    @property
    def share(self) -> float:
        """In 0…1; NaN without examples."""
        return self.right / self.of if self.of else math.nan

    def interval(self, times: float = 1.0) -> Interval:
        """Wilson's interval, were there `times` as many examples and the recall the same."""
        worth = times * self.of / self.widening**2
        return wilson(self.share * worth, worth) if self.of else Interval(0.0, 1.0, 0.9)


@dataclass(frozen=True)
class Known:
    """What is known of a model; None where it was not measured.

    Attributes:
        score: corrected for selection, in the specification's metric.
        curve: (labels, expected score), from the labels at hand on, rising in labels.
        recalls: by class.
        side: largest side of a picture that a part of it reads, in pixels; None where it reads none.
        licences: by source in the model.
    """

    classes: tuple[str, ...] = ()
    score: Score | None = None
    n_labels: int = 0
    curve: Curve = ()
    recalls: Mapping[str, Recall] = field(default_factory=dict)
    latency_ms: float | None = None
    size_bytes: int | None = None
    side: int | None = None
    licences: Mapping[str, str] = field(default_factory=dict)


def check(asked: Specification, known: Known) -> tuple[SpecLine, ...]:
    """Every line of the specification, in its order."""
    return tuple(_lines(asked, known))


def _lines(asked: Specification, known: Known) -> Iterator[SpecLine]:
    if asked.classes:
        yield _classes(asked.classes, known.classes)
    if asked.minimum_score is not None:
        yield _score(asked, asked.minimum_score, known)
    for name in known.classes:
        floor = asked.floor(name)
        if floor is not None:
            yield _floor(name, floor, known.recalls.get(name))
    if asked.latency_ms is not None:
        yield _at_most("latency_ms", asked.latency_ms, known.latency_ms, "ms")
    if asked.size_mb is not None:
        size_mb = None if known.size_bytes is None else known.size_bytes / 1e6
        yield _at_most("size_mb", asked.size_mb, size_mb, "MB")
    if asked.input_size is not None:
        yield _side(asked.input_size, known.side)
    if asked.licence is not None:
        yield _licence(asked.licence, known.licences)


def _classes(wanted: Sequence[str], there: Sequence[str]) -> SpecLine:
    missing = [name for name in wanted if name not in there]
    more = [name for name in there if name not in wanted]
    return SpecLine(
        requirement="classes",
        wanted=", ".join(wanted),
        found=", ".join(name for name in wanted if name in there),
        met="no" if missing else "yes",
        by=float(-len(missing)),
        unit="classes",
        note=f"the model knows {len(more)} more" if more else "",
    )


def _score(asked: Specification, wanted: float, known: Known) -> SpecLine:
    metric = str(asked.metric)
    if known.score is None:
        return SpecLine(requirement="minimum_score", wanted=wanted, found=None, met="unknown", unit=metric)
    score = known.score
    met = told(score.interval, wanted)
    return SpecLine(
        requirement="minimum_score",
        wanted=wanted,
        found=score.estimate,
        met=met,
        by=score.estimate - wanted,
        unit=metric,
        note="" if met == "yes" else _more_labels(score, wanted, known),
        interval=score.interval,
    )


def told(interval: Interval, wanted: float) -> Met:
    """``yes`` only where the whole interval is there, ``no`` only where none of it is."""
    if interval.low >= wanted:
        return "yes"
    return "no" if interval.high < wanted else "unknown"


def labels_until(score: Score, wanted: float, n: int, curve: Curve) -> int | None:
    """Labels in all with which the interval's low end would reach `wanted`; None where the curve ends first.

    The curve says how the score rises; the interval shrinks with the square root of the labels.
    """
    reach = score.estimate - score.interval.low
    before: tuple[int, float] | None = None
    for labels, value in sorted(curve):
        low = value - reach * math.sqrt(n / labels)
        if before is not None and low >= wanted:
            part = (wanted - before[1]) / (low - before[1]) if low > before[1] else 0.0
            return math.ceil(before[0] + max(part, 0.0) * (labels - before[0]))
        before = labels, low
    return None


def _more_labels(score: Score, wanted: float, known: Known) -> str:
    ahead = [point for point in known.curve if point[0] >= known.n_labels]
    if len(ahead) < 2:
        return "how many labels would do cannot be told"
    enough = labels_until(score, wanted, known.n_labels, ahead)
    if enough is None:
        return f"not even {max(n for n, _ in ahead)} labels would do, by the learning curve"
    return f"about {_rounded(enough - known.n_labels)} more labels would do, by the learning curve"


def _floor(name: str, wanted: float, recall: Recall | None) -> SpecLine:
    requirement = f"per_class_floors.{name}"
    if recall is None or not recall.of:
        return SpecLine(requirement=requirement, wanted=wanted, found=None, met="unknown", unit="recall")
    met = told(recall.interval(), wanted)
    seen = f"{recall.right} of {recall.of} right"
    return SpecLine(
        requirement=requirement,
        wanted=wanted,
        found=recall.share,
        met=met,
        by=recall.share - wanted,
        unit="recall",
        note=seen + (_more_of_a_class(recall, wanted) if met == "unknown" else ""),
        interval=recall.interval(),
    )


def _more_of_a_class(recall: Recall, wanted: float) -> str:
    for times in (1.5, 2.0, 3.0, 5.0, 10.0, float(MOST_TIMES)):
        if recall.interval(times).low >= wanted:
            return f"; {_rounded((times - 1) * recall.of)} more examples of it would show it, if it stays so"
    return ""


def _at_most(requirement: str, wanted: float, found: float | None, unit: str) -> SpecLine:
    if found is None:
        return SpecLine(requirement=requirement, wanted=wanted, found=None, met="unknown", unit=unit)
    met: Met = "yes" if found <= wanted else "no"
    return SpecLine(
        requirement=requirement, wanted=wanted, found=found, met=met, by=wanted - found, unit=unit
    )


def _side(wanted: int, found: int | None) -> SpecLine:
    if found is None:
        note = "no part of the model reads a picture at a size of its own"
        return SpecLine(
            requirement="input_size", wanted=wanted, found="", met="yes", unit="pixels", note=note
        )
    return _at_most("input_size", wanted, found, "pixels")


def _licence(wanted: str | Sequence[str], found: Mapping[str, str]) -> SpecLine:
    return SpecLine(
        requirement="licence",
        wanted=wanted if isinstance(wanted, str) else " or ".join(wanted),
        found=", ".join(sorted(set(found.values()))),
        met="yes",
        note="" if found else "no source is in the model",
    )


def _rounded(count: float) -> int:
    """Up to a round number: it is an estimate."""
    return int(math.ceil(max(count, 1) / 10) * 10)
