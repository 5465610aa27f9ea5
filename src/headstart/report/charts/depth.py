"""Depth against score, a panel per source: how much of each network is worth reusing."""

from __future__ import annotations

from collections import defaultdict

from markupsafe import Markup

from headstart.core.run import DepthPoint, RunRecord
from headstart.report.charts.chart import Cell, Chart, Table
from headstart.report.charts.frame import Frame
from headstart.report.charts.markup import tag
from headstart.report.charts.scale import Linear, extent, finite
from headstart.report.names import input_length, source_name
from headstart.report.quantities import percent
from headstart.report.units import Unit

PANELS, TOP, BASE, HEIGHT = 8, 20, 128, 152
LEFT_OUT = 0.12  # share of the lowest scores that may leave the panel
DENSE = 9  # taps from which on the dots would hide the line

Line = list[DepthPoint]


def draw(run: RunRecord, unit: Unit) -> Chart | None:
    """One panel per source, best first; the other sources' lines stay behind it in grey."""
    lines = _lines(run)
    if not lines:
        return None
    shown = lines[:PANELS]
    scores = sorted(point.score for line in shown for point in line)
    # The lowest few (a stem's pixels, say) leave the panel below, so that the rest can be told apart.
    bounds = extent(scores[int(LEFT_OUT * len(scores)) :], pad=0.1)
    if bounds is None:
        return None
    controls = [one.score for one in run.controls if one.score is not None and finite(one.score)]
    control = max(controls) if controls else None
    if control is not None:
        bounds = min(bounds[0], control - 0.02 * (bounds[1] - bounds[0])), max(bounds[1], control)
    y = Linear(*bounds, start=BASE, end=TOP)
    frame = Frame(Linear(0.0, 1.0, 14, 96), y, HEIGHT)
    panels = [_panel(run, line, shown, frame, unit, control) for line in shown]
    top = _peak(shown[0])
    summary = (
        f"The best place to read is {top.tap} of {source_name(run, top.source)}, "
        f"at {percent(top.depth, 0)} of its depth: {unit.score(top.score)}."
    )
    key = [("k-line-data", "this source"), ("k-grey", "the others"), ("k-ring", "its highest score")]
    if control is not None:
        key.append(("k-line", "the best control"))
    return Chart(tag("div", *panels, class_="panels"), summary, _table(run, lines, unit), tuple(key))


def _lines(run: RunRecord) -> list[Line]:
    """One line per source, at the input size where it peaks; best first."""
    by_size: dict[str, dict[int, Line]] = defaultdict(lambda: defaultdict(list))
    for point in run.depth:
        if finite(point.score, point.depth):
            by_size[point.source][point.input_size].append(point)
    best = [max(sizes.values(), key=lambda line: _peak(line).score) for sizes in by_size.values()]
    lines = [sorted(line, key=lambda point: point.depth) for line in best]
    return sorted(lines, key=lambda line: _peak(line).score, reverse=True)


def _panel(
    run: RunRecord, line: Line, all_lines: list[Line], frame: Frame, unit: Unit, control: float | None
) -> Markup:
    peak = _peak(line)
    others = [
        frame.path(_xy(other), "line ghost") for other in all_lines if other is not line and len(other) > 1
    ]
    intervals = [
        (p.depth, p.interval.low, p.interval.high) for p in line if finite(p.interval.low, p.interval.high)
    ]
    lowest, highest = frame.y.low, frame.y.high
    clipped = [
        (x, min(max(low, lowest), highest), min(max(high, lowest), highest)) for x, low, high in intervals
    ]
    band = [frame.band(clipped, "band transfer")] if len(clipped) > 1 else []
    own = [frame.path(_xy(line), "line transfer")] if len(line) > 1 else []
    if control is not None:
        others.append(frame.path([(0.0, control), (1.0, control)], "reference"))
    dense = "bare" if len(line) >= DENSE else ""
    dots = [
        frame.dot(
            p.depth, p.score, f"{p.tap}: {unit.score(p.score)} at {percent(p.depth, 0)} of the depth",
            "mark transfer ring" if p is peak else f"mark transfer {dense}", 5.5 if p is peak else 3,
        )
        for p in line if p.score >= lowest
    ]  # fmt: skip
    name = source_name(run, peak.source)
    words = f"{name}: highest at {peak.tap}, {percent(peak.depth, 0)} of its depth, {unit.score(peak.score)}"
    step = frame.y.step(3)
    picture = frame.draw(
        words,
        frame.lines(*others, *band, *own),
        *dots,
        x_ticks=[(0.0, "input"), (0.5, "half"), (1.0, "output")],
        y_ticks=[(at, unit.tick(at, step)) for at in frame.y.ticks(3)],
    )
    size = f", {input_length(run, peak.input_size)}" if peak.input_size > 0 else ""
    where = tag("p", f"{unit.score(peak.score)} at ", tag("code", peak.tap), size, class_="panel-fact")
    return tag("div", tag("h4", name, title=peak.source), where, picture, class_="panel")


def _table(run: RunRecord, lines: list[Line], unit: Unit) -> Table:
    rows = tuple(
        (
            Cell(source_name(run, point.source)),
            Cell(point.tap),
            Cell(percent(point.depth, 0), point.depth),
            Cell(str(point.input_size), point.input_size),
            Cell(unit.score(point.score), point.score),
            Cell(unit.interval(point.interval), point.interval.low),
        )
        for line in lines
        for point in line
    )
    return Table(("source", "tap", "depth", "input size", unit.label, "interval"), rows)


def _xy(line: Line) -> list[tuple[float, float]]:
    return [(point.depth, point.score) for point in line]


def _peak(line: Line) -> DepthPoint:
    return max(line, key=lambda point: point.score)
