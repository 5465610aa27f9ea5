"""The label-budget curve: what labels buy with transfer and without."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from headstart.core.run import CurvePoint, RunRecord
from headstart.report.charts.chart import Cell, Chart, Table
from headstart.report.charts.frame import LEFT, RIGHT, Frame, anchor
from headstart.report.charts.markup import pct, tag
from headstart.report.charts.scale import Linear, Log, extent, finite
from headstart.report.quantities import about, count
from headstart.report.units import Unit

TOP, BASE, HEIGHT = 34, 264, 306


def draw(run: RunRecord, unit: Unit) -> Chart | None:
    """Measured parts are solid, extrapolated parts dashed; a line marks today's number of labels."""
    points = sorted(run.label_curve, key=lambda point: point.n_labels)
    bounds = extent([value for point in points for value in (point.transfer, point.control)])
    if len(points) < 2 or bounds is None:
        return None
    x = Log(max(points[0].n_labels, 1), max(points[-1].n_labels, 2), LEFT, RIGHT - 2)
    y = Linear(*bounds, start=BASE, end=TOP)
    frame = Frame(x, y, HEIGHT)
    with_, without = _series(points, "transfer"), _series(points, "control")
    layers = [*_drawn(frame, without, "control"), *_drawn(frame, with_, "transfer")]
    dots = [_dot(frame, n, score, guess, unit, "control", "without") for n, score, guess in without]
    dots += [_dot(frame, n, score, guess, unit, "transfer", "with") for n, score, guess in with_]
    today = x(run.task.n_train)
    here = [
        tag("line", x1=pct(today), x2=pct(today), y1=TOP - 8, y2=BASE, class_="today"),
        tag(
            "text",
            f"today: {count(run.task.n_train)} labels",
            x=pct(today),
            y=14,
            class_=f"tick {anchor(today)}",
        ),
    ]
    summary = _summary(run, unit)
    picture = frame.draw(
        summary,
        *here,
        frame.lines(*layers),
        *dots,
        x_ticks=[(at, count(at)) for at in _ticks(points, x)],
        y_ticks=[(at, unit.tick(at, y.step(4))) for at in y.ticks(4)],
        x_title="labelled examples (logarithmic)",
    )
    key = [("k-disc", "with transfer"), ("k-diamond", "without transfer")]
    if any(point.extrapolated for point in points):
        key.append(("k-dash", "extrapolated"))
    return Chart(picture, summary, _table(points, unit), tuple(key))


def _ticks(points: Sequence[CurvePoint], x: Log) -> list[float]:
    """The numbers of labels that were measured, or round ones where those would crowd."""
    return [float(point.n_labels) for point in points] if len(points) <= 7 else x.ticks()


def _series(points: Sequence[CurvePoint], name: str) -> list[tuple[int, float, bool]]:
    values = [(point.n_labels, getattr(point, name), point.extrapolated) for point in points]
    return [(n, value, guess) for n, value, guess in values if finite(value)]


def _drawn(frame: Frame, series: list[tuple[int, float, bool]], kind: str) -> list[Markup]:
    measured = [(float(n), score) for n, score, guess in series if not guess]
    beyond = [(float(n), score) for n, score, guess in series if guess]
    beyond = measured[-1:] + beyond
    lines = [frame.path(measured, f"line {kind}")] if len(measured) > 1 else []
    return lines + ([frame.path(beyond, f"line dashed {kind}")] if len(beyond) > 1 else [])


def _dot(frame: Frame, n: int, score: float, guess: bool, unit: Unit, kind: str, word: str) -> Markup:
    tip = f"{count(n)} labels, {word} transfer: {unit.score(score)}" + (" (extrapolated)" if guess else "")
    if kind == "transfer":
        return frame.dot(n, score, tip, "mark transfer" + (" hollow" if guess else ""), 4.5)
    path = tag(
        "path", tag("title", tip), d="M0 -5.5l5.5 5.5l-5.5 5.5l-5.5 -5.5Z",
        class_="mark control" + (" hollow" if guess else ""), data_tip=tip,
    )  # fmt: skip
    return tag("svg", path, x=pct(frame.x(n)), y=frame.y(score), overflow="visible", class_="at")


def _summary(run: RunRecord, unit: Unit) -> str:
    worth = run.verdict.label_equivalents
    if worth is None or not finite(worth.value):
        return f"{unit.label} by the number of labelled examples, with transfer and without."
    degree = "more than" if worth.censored == "above" else "about"
    return f"Without transfer it would take {degree} {about(worth.value)} more labels to score as much."


def _table(points: Sequence[CurvePoint], unit: Unit) -> Table:
    rows = tuple(
        (
            Cell(count(point.n_labels), point.n_labels),
            Cell(unit.score(point.transfer), point.transfer),
            Cell(unit.score(point.control), point.control),
            Cell("extrapolated" if point.extrapolated else "measured"),
        )
        for point in points
    )
    return Table(("labels", "with transfer", "without", ""), rows)
