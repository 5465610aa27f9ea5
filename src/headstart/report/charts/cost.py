"""Score against cost: what each second of compute bought."""

from __future__ import annotations

from string import ascii_uppercase

from markupsafe import Markup

from headstart.core.run import CandidateRecord, RunRecord
from headstart.report.charts.chart import Cell, Chart, Table
from headstart.report.charts.frame import LEFT, RIGHT, Frame
from headstart.report.charts.markup import pct, tag
from headstart.report.charts.scale import Linear, Log, extent, finite, without_stragglers
from headstart.report.names import candidate_name
from headstart.report.quantities import NARROW, duration
from headstart.report.units import Unit

TOP, BASE, HEIGHT = 22, 250, 292
CROWDED = 4.5  # per cent of the width that a letter needs on a phone


def draw(run: RunRecord, unit: Unit) -> Chart | None:
    """Seconds on a logarithmic axis; letters mark the models that nothing cheaper beats."""
    points = [
        one for one in (*run.candidates, *run.controls) if finite(one.score, one.cost_s) and one.cost_s > 0
    ]
    floor = without_stragglers([_score(one) for one in points])
    points = [one for one in points if _score(one) >= floor]
    bounds = extent([one.score for one in points])
    if len(points) < 3 or bounds is None:
        return None
    seconds = [one.cost_s for one in points]
    low, high = min(seconds), max(seconds)
    x = Log(low / 1.15, max(high, low * 1.5) * 1.15, LEFT, RIGHT)
    y = Linear(*bounds, start=BASE, end=TOP)
    frame = Frame(x, y, HEIGHT)
    best = frontier(points)
    steps: list[tuple[float, float]] = []
    for one in best:
        steps += [(one.cost_s, steps[-1][1])] if steps else []
        steps.append((one.cost_s, _score(one)))
    steps.append((x.high, steps[-1][1]))
    marks = [_mark(frame, run, one, unit) for one in points if one not in best]
    marks += [_mark(frame, run, one, unit) for one in best]
    marks += _letters(frame, best)
    summary = f"{len(points)} models by what they cost. Letters mark those that nothing cheaper beats."
    picture = frame.draw(
        summary,
        frame.lines(frame.path(steps, "frontier")),
        *marks,
        x_ticks=[(at, f"{at:g}{NARROW}s") for at in x.ticks()],
        y_ticks=[(at, unit.tick(at, y.step(4))) for at in y.ticks(4)],
        x_title="compute spent (logarithmic)",
    )
    listed = tuple(
        (letter, f"{candidate_name(run, one)}: {unit.score(one.score)} for {duration(one.cost_s)}")
        for one, letter in zip(best, ascii_uppercase, strict=False)
    )
    return Chart(picture, summary, _table(run, best, unit), listed)


def frontier(points: list[CandidateRecord]) -> list[CandidateRecord]:
    """The models that score more than everything cheaper, from cheap to dear."""
    kept: list[CandidateRecord] = []
    for one in sorted(points, key=lambda one: (one.cost_s, -_score(one))):
        if not kept or _score(one) > _score(kept[-1]):
            kept.append(one)
    return kept


def _mark(frame: Frame, run: RunRecord, one: CandidateRecord, unit: Unit) -> Markup:
    tip = f"{candidate_name(run, one)}: {unit.score(one.score)}, {duration(one.cost_s)}"
    if one.source is not None:
        return frame.dot(one.cost_s, _score(one), tip, "mark transfer faint")
    at, height = frame.x(one.cost_s), frame.y(_score(one))
    path = tag(
        "path", tag("title", tip), d="M0 -6l6 6l-6 6l-6 -6Z", class_="mark control faint", data_tip=tip
    )
    return tag("svg", path, x=pct(at), y=height, overflow="visible", class_="at")


def _letters(frame: Frame, best: list[CandidateRecord]) -> list[Markup]:
    """A letter above each point, below where it would touch its neighbour's."""
    drawn, last = [], -CROWDED
    for one, letter in zip(best, ascii_uppercase, strict=False):
        at = frame.x(one.cost_s)
        lift = 20 if at - last < CROWDED else -11
        last = at if lift < 0 else last
        drawn.append(tag("text", letter, x=pct(at), y=frame.y(_score(one)) + lift, class_="letter mid"))
    return drawn


def _table(run: RunRecord, best: list[CandidateRecord], unit: Unit) -> Table:
    rows = tuple(
        (
            Cell(candidate_name(run, one)),
            Cell(unit.score(one.score), one.score),
            Cell(duration(one.cost_s), one.cost_s),
        )
        for one in best
    )
    return Table(("not beaten by anything cheaper", unit.label, "cost"), rows)


def _score(one: CandidateRecord) -> float:
    return one.score if one.score is not None else float("nan")
