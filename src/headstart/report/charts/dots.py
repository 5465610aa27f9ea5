"""Candidates against controls: a line per model, a dot for its score, a bar for its interval."""

from __future__ import annotations

from markupsafe import Markup

from headstart.core.run import CandidateRecord, RunRecord
from headstart.report.charts.chart import Cell, Chart, Table
from headstart.report.charts.markup import pct, tag
from headstart.report.charts.scale import Linear, extent, finite
from headstart.report.names import candidate_detail, candidate_name
from headstart.report.quantities import duration
from headstart.report.units import Unit

CANDIDATES_SHOWN, CONTROLS_SHOWN, ROW = 10, 5, 34


def draw(run: RunRecord, unit: Unit) -> Chart | None:
    """The best candidates and controls, every member of the model among them; None where none has a score."""
    scored = [one for one in (*run.candidates, *run.controls) if finite(one.score)]
    scored.sort(key=_score, reverse=True)
    shown = _shown(run, scored)
    ends = [end for one in shown if one.interval for end in (one.interval.low, one.interval.high)]
    bounds = extent([*map(_score, shown), *ends], pad=0.04)
    if bounds is None:
        return None
    x = Linear(*bounds, start=0, end=100)
    controls = [_score(one) for one in shown if one.source is None]
    line = x(max(controls)) if controls else None
    best = shown[0]
    summary = f"{len(shown)} models by {unit.label}; the best is {candidate_name(run, best)}, {unit.score(best.score)}."
    rows = [_row(run, one, unit, x, line) for one in shown]
    picture = tag("div", *rows, _axis(x, unit), class_="dots", role="img", aria_label=summary)
    return Chart(picture, summary, _table(run, scored, unit), _key(shown))


def _shown(run: RunRecord, scored: list[CandidateRecord]) -> list[CandidateRecord]:
    weighty = {member.candidate for member in run.chosen.members}
    transfers = [one for one in scored if one.source is not None]
    kept = {one.id for one in transfers[:CANDIDATES_SHOWN]} | weighty
    kept |= {one.id for one in [one for one in scored if one.source is None][:CONTROLS_SHOWN]}
    return [one for one in scored if one.id in kept]


def _row(run: RunRecord, one: CandidateRecord, unit: Unit, x: Linear, line: float | None) -> Markup:
    kind = "control" if one.source is None else "transfer"
    name, detail = candidate_name(run, one), candidate_detail(one)
    tip = f"{one.id}: {unit.score(one.score)} ({unit.interval(one.interval)})"
    marks = [tag("line", x1=0, x2="100%", y1=ROW / 2, y2=ROW / 2, class_="rail")]
    if line is not None:
        marks.append(tag("line", x1=pct(line), x2=pct(line), y1=0, y2=ROW, class_="reference"))
    if one.interval and finite(one.interval.low, one.interval.high):
        marks.append(
            tag("line", x1=pct(x(one.interval.low)), x2=pct(x(one.interval.high)), y1=ROW / 2, y2=ROW / 2,
                class_=f"range {kind}")
        )  # fmt: skip
    marks.append(_mark(x(_score(one)), kind))
    badge = tag("span", "in the model", class_="badge") if one.weight > 0 else None
    return tag(
        "div",
        tag("div", tag("span", name, class_="name", title=one.id), badge, tag("span", detail, class_="detail"),
            class_="who"),
        tag("svg", *marks, width="100%", height=ROW, class_="track", data_tip=tip, aria_hidden="true"),
        tag("div", unit.score(one.score), class_="score"),
        class_=f"dot-row {kind}",
    )  # fmt: skip


def _mark(at: float, kind: str) -> Markup:
    """A disc for transfer, a diamond for a control: told apart without colour."""
    if kind == "transfer":
        return tag("circle", cx=pct(at), cy=ROW / 2, r=6, class_="mark transfer")
    inner = tag("path", d=f"M0 {ROW / 2 - 7}l7 7l-7 7l-7 -7Z", class_="mark control")
    return tag("svg", inner, x=pct(at), overflow="visible", class_="at")


def _axis(x: Linear, unit: Unit) -> Markup:
    step = x.step(4)
    ticks = [
        tag("text", unit.tick(at, step), x=pct(x(at)), y=14, class_="tick mid")
        for at in x.ticks(4)
        if 4 < x(at) < 96
    ]
    scale = tag("svg", *ticks, width="100%", height=20, class_="track", aria_hidden="true")
    return tag(
        "div", tag("div", unit.label, class_="who axis-name"), scale, tag("div"), class_="dot-row axis-row"
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
            Cell(candidate_detail(one)),
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
