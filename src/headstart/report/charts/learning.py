"""The learning curve of a development: the score on the held-out part, pass by pass."""

from __future__ import annotations

from headstart.core.development import DevelopRecord
from headstart.report.charts.chart import Cell, Chart, Table
from headstart.report.charts.frame import LEFT, RIGHT, Frame, anchor
from headstart.report.charts.markup import pct, tag
from headstart.report.charts.scale import Linear, extent, finite
from headstart.report.quantities import fixed
from headstart.report.units import Unit

TOP, BASE, HEIGHT = 34, 244, 286


def draw(record: DevelopRecord, unit: Unit) -> Chart | None:
    """A line over the epochs, a mark at the one that was kept; None for fewer than two epochs."""
    points = [point for point in record.curve if finite(point.held_out_score)]
    scores = [point.held_out_score or 0.0 for point in points]
    bounds = extent(scores)
    if len(points) < 2 or bounds is None:
        return None
    x = Linear(points[0].epoch, points[-1].epoch, LEFT, RIGHT - 2)
    y = Linear(*bounds, start=BASE, end=TOP)
    frame = Frame(x, y, HEIGHT)
    best = record.choice.best_epoch
    dots = [
        frame.dot(
            point.epoch,
            score,
            f"epoch {point.epoch}: {unit.score(score)}",
            "mark transfer" + (" ring" if point.epoch == best else ""),
            6.5 if point.epoch == best else 3.5,
        )
        for point, score in zip(points, scores, strict=True)
    ]
    at = x(best)
    kept = [
        tag("line", x1=pct(at), x2=pct(at), y1=TOP - 8, y2=BASE, class_="today"),
        tag("text", f"kept: epoch {best}", x=pct(at), y=14, class_=f"tick {anchor(at)}"),
    ]
    line = frame.path([(p.epoch, s) for p, s in zip(points, scores, strict=True)], "line transfer")
    summary = (
        f"{unit.label} on the part to stop by, over {len(record.curve)} epochs; the weights are those of "
        f"epoch {best}, where its loss was least."
    )
    step = max(1, round(x.step(6)))
    ticks = range(points[0].epoch, points[-1].epoch + 1, step)
    picture = frame.draw(
        summary,
        *kept,
        frame.lines(line),
        *dots,
        x_ticks=[(float(epoch), str(epoch)) for epoch in ticks],
        y_ticks=[(value, unit.tick(value, y.step(4))) for value in y.ticks(4)],
        x_title="epoch",
    )
    return Chart(picture, summary, _table(record, unit))


def _table(record: DevelopRecord, unit: Unit) -> Table:
    rows = tuple(
        (
            Cell(str(point.epoch), point.epoch),
            Cell(fixed(point.train_loss, 3), point.train_loss),
            Cell(fixed(point.held_out_loss, 3), point.held_out_loss),
            Cell(unit.score(point.held_out_score), point.held_out_score),
        )
        for point in record.curve
    )
    return Table(("epoch", "loss, learning", "loss, held out", unit.label), rows)
