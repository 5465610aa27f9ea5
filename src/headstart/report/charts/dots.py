"""Candidates against controls: a line per model, a dot for its score, a bar for its interval."""

from __future__ import annotations

from markupsafe import Markup

from headstart.core.run import CandidateRecord, RunRecord
from headstart.report.charts.chart import Cell, Chart, Table
from headstart.report.charts.markup import pct, tag
from headstart.report.charts.scale import Linear, extent, finite, without_stragglers
from headstart.report.charts.scores import MIDDLE, axis, mark
from headstart.report.names import candidate_detail, candidate_name
from headstart.report.quantities import duration
from headstart.report.units import Unit

CANDIDATES_SHOWN, CONTROLS_SHOWN = 10, 5


def draw(run: RunRecord, unit: Unit) -> Chart | None:
    """The best candidates and controls, every member of the model among them; None where none has a score."""
    scored = [one for one in (*run.candidates, *run.controls) if finite(one.score)]
    scored.sort(key=_score, reverse=True)
    unscored = [one for one in (*run.candidates, *run.controls) if not finite(one.score)]
    shown = _shown(run, scored)
    bounds = _bounds(shown)
    if bounds is None:
        return None
    x = Linear(*bounds, start=0, end=100)
    controls = [_score(one) for one in shown if one.source is None]
    line = x(max(controls)) if controls else None
    best = shown[0]
    top = f"{candidate_name(run, best)}, {unit.score(best.score)}"
    summary = f"{len(shown)} models by {unit.label}; the best is {top}."
    rows = [_row(run, one, unit, x, line) for one in shown]
    picture = tag("div", *rows, axis(x, unit), class_="dots", role="img", aria_label=summary)
    return Chart(picture, summary, _table(run, [*scored, *unscored], unit), _key(shown))


def _shown(run: RunRecord, scored: list[CandidateRecord]) -> list[CandidateRecord]:
    weighty = {member.candidate for member in run.chosen.members}
    transfers = [one for one in scored if one.source is not None]
    kept = {one.id for one in transfers[:CANDIDATES_SHOWN]} | weighty
    kept |= {one.id for one in [one for one in scored if one.source is None][:CONTROLS_SHOWN]}
    return [one for one in scored if one.id in kept]


def _bounds(shown: list[CandidateRecord]) -> tuple[float, float] | None:
    """What the axis spans: all intervals, save those of stragglers, which are drawn at the edge."""
    floor = without_stragglers([_score(one) for one in shown])
    near = [one for one in shown if _score(one) >= floor]
    ends = [end for one in near if one.interval for end in (one.interval.low, one.interval.high)]
    return extent([*map(_score, near), *ends], pad=0.04)


def _row(run: RunRecord, one: CandidateRecord, unit: Unit, x: Linear, line: float | None) -> Markup:
    kind = "control" if one.source is None else "transfer"
    name, detail = candidate_name(run, one), candidate_detail(run, one)
    tip = f"{one.id}: {unit.score(one.score)} ({unit.interval(one.interval)})"
    marks = [tag("line", x1=0, x2="100%", y1=MIDDLE, y2=MIDDLE, class_="rail")]
    if line is not None:
        marks.append(tag("line", x1=pct(line), x2=pct(line), y1=0, y2="100%", class_="reference"))
    if one.interval and finite(one.interval.low, one.interval.high) and x(_score(one)) >= 0:
        marks.append(
            tag("line", x1=pct(x(one.interval.low)), x2=pct(x(one.interval.high)), y1=MIDDLE, y2=MIDDLE,
                class_=f"range {kind}")
        )  # fmt: skip
    marks.append(
        mark(x(_score(one)), kind) if x(_score(one)) >= 0 else tag("text", "◂", x=0, y=MIDDLE, class_="off")
    )
    badge = tag("span", "in the model", class_="badge") if one.weight > 0 else None
    label = tag("span", name, class_="name", title=one.id)
    return tag(
        "div",
        tag("div", label, tag("div", badge, detail, class_="detail"), class_="who"),
        tag("div", tag("svg", *marks, class_="track"), class_="lane", data_tip=tip, aria_hidden="true"),
        tag("div", unit.score(one.score), class_="score"),
        class_=f"dot-row {kind}",
    )


def _key(shown: list[CandidateRecord]) -> tuple[tuple[str, str], ...]:
    key = [("k-disc", "with transfer")] if any(one.source for one in shown) else []
    if any(one.source is None for one in shown):
        key += [("k-diamond", "control: without transfer"), ("k-line", "the best control")]
    return (*key, ("k-bar", "interval"))


def _table(run: RunRecord, scored: list[CandidateRecord], unit: Unit) -> Table:
    rows = tuple(
        (
            Cell(candidate_name(run, one)),
            Cell(candidate_detail(run, one)),
            Cell(unit.score(one.score), one.score),
            Cell(unit.interval(one.interval), one.interval.low if one.interval else None),
            Cell(duration(one.cost_s), one.cost_s),
            Cell(one.status),
        )
        for one in scored
    )
    return Table(("model", "what", unit.label, "interval", "cost", "status"), rows)


def _score(one: CandidateRecord) -> float:
    return one.score if one.score is not None else float("nan")
