"""What holding on to the source task costs: its score against the new task's, from source to tuned."""

from __future__ import annotations

from headstart.core.run import Remembered, RetentionPoint, RunRecord
from headstart.report.charts.chart import Cell, Chart, Table
from headstart.report.charts.frame import LEFT, RIGHT, Frame
from headstart.report.charts.markup import pct, tag
from headstart.report.charts.scale import Linear, extent, finite
from headstart.report.names import source_name
from headstart.report.quantities import fixed, percent
from headstart.report.units import unit_of

TOP, BASE, HEIGHT = 34, 190, 232
APART_X, APART_Y = 9.0, 16.0  # per cent and pixels between two labels that can both be read


def draw(run: RunRecord, line: Remembered) -> Chart | None:
    """A point for each share of the way from source (0) to tuned (1); ringed where it is handed back."""
    metric = run.retention.metric if run.retention else run.task.metric
    old, new = unit_of(metric), unit_of(run.task.metric)
    points = [point for point in line.curve if finite(point.source_score, point.target_score)]
    wide = extent([point.source_score for point in points], pad=0.12)
    tall = extent([point.target_score for point in points], pad=0.3)
    if len(points) < 2 or wide is None or tall is None:
        return None
    across = Linear(*wide, start=LEFT, end=RIGHT - 2)
    frame = Frame(across, Linear(*tall, start=BASE, end=TOP), HEIGHT)
    dots, labels, taken = [], [], list[tuple[float, float]]()
    for point in sorted(points, key=lambda one: (one.alpha not in (0.0, 1.0), one.alpha)):  # the ends first
        x, y = across(point.source_score), frame.y(point.target_score)
        tip = (
            f"{share(point)}: {old.score(point.source_score)} on the source task, "
            f"{new.score(point.target_score)} here"
        )
        ring = " ring" if point.weight > 0 else ""
        dots.append(frame.dot(point.source_score, point.target_score, tip, f"mark transfer{ring}", 6))
        if all(abs(x - a) > APART_X or abs(y - b) > APART_Y for a, b in taken):
            taken.append((x, y))
            side = "end" if x > 70 else "start"
            lift = 20 if side == "end" else -13  # on the side of the line that is free
            labels.append(tag("text", share(point), x=pct(x), y=y + lift, class_=f"letter {side}"))
    start, end = points[0], points[-1]
    summary = (
        f"{source_name(run, line.source)}: {old.score(start.source_score)} on the source task as it came, "
        f"{old.score(end.source_score)} tuned all the way; here {new.score(start.target_score)} and "
        f"{new.score(end.target_score)}."
    )
    path = frame.path([(point.source_score, point.target_score) for point in points], "line transfer")
    picture = frame.draw(
        summary,
        frame.lines(path),
        *dots,
        *labels,
        x_ticks=[(at, old.tick(at, across.step(4))) for at in across.ticks(4)],
        y_ticks=[(at, new.tick(at, frame.y.step(3))) for at in frame.y.ticks(3)],
        x_title=f"{old.label} on the source task",
    )
    rows = tuple(
        (
            Cell(fixed(point.alpha, 2), point.alpha),
            Cell(new.score(point.target_score), point.target_score),
            Cell(old.score(point.source_score), point.source_score),
            Cell(old.gain(-point.forgetting), -point.forgetting),
            Cell(percent(point.weight, 0) if point.weight > 0 else "–", point.weight),
        )
        for point in points
    )
    columns = ("of the way", f"{new.label} here", f"{old.label} there", "change there", "in the model")
    return Chart(picture, summary, Table(columns, rows))


def share(point: RetentionPoint) -> str:
    """How far from source to tuned."""
    ends = {0.0: "source", 1.0: "tuned"}
    return ends.get(point.alpha) or percent(point.alpha, 0)
