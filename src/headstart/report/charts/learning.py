"""The learning curve of a development, pass by pass: the held-out score, or without labels the loss."""

from __future__ import annotations

from collections.abc import Sequence

from headstart.core.development import DevelopRecord
from headstart.report.charts.chart import Cell, Chart, Table
from headstart.report.charts.frame import LEFT, RIGHT, Frame, anchor
from headstart.report.charts.markup import pct, tag
from headstart.report.charts.scale import Linear, extent, finite
from headstart.report.quantities import fixed
from headstart.report.units import Unit

TOP, BASE, HEIGHT = 34, 244, 286
_LOSS = Unit("loss", "loss", "what the pretext has left to learn; smaller is better", "number")


def draw(record: DevelopRecord, unit: Unit) -> Chart | None:
    """A line over the epochs, a mark at the one that was kept; None for fewer than two epochs.

    With labels the score on the part to stop by; without, the loss of the pretext.
    """
    if record.pretext is not None:
        return _drawn(record, [(point.epoch, point.train_loss) for point in record.curve], _LOSS)
    points = [
        (point.epoch, point.held_out_score)
        for point in record.curve
        if point.held_out_score is not None and finite(point.held_out_score)
    ]
    return _drawn(record, points, unit)


def _drawn(record: DevelopRecord, points: Sequence[tuple[int, float]], unit: Unit) -> Chart | None:
    bounds = extent([value for _, value in points])
    if len(points) < 2 or bounds is None:
        return None
    x = Linear(points[0][0], points[-1][0], LEFT, RIGHT - 2)
    y = Linear(*bounds, start=BASE, end=TOP)
    frame = Frame(x, y, HEIGHT)
    best = record.choice.best_epoch
    dots = [
        frame.dot(
            epoch,
            value,
            f"epoch {epoch}: {unit.score(value)}",
            "mark transfer" + (" ring" if epoch == best else ""),
            6.5 if epoch == best else 3.5,
        )
        for epoch, value in points
    ]
    at = x(best)
    kept = [
        tag("line", x1=pct(at), x2=pct(at), y1=TOP - 8, y2=BASE, class_="today"),
        tag("text", f"kept: epoch {best}", x=pct(at), y=14, class_=f"tick {anchor(at)}"),
    ]
    line = frame.path(list(points), "line transfer")
    step = max(1, round(x.step(6)))
    ticks = range(points[0][0], points[-1][0] + 1, step)
    summary = _summary(record, unit)
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


def _summary(record: DevelopRecord, unit: Unit) -> str:
    passes, best = len(record.curve), record.choice.best_epoch
    if record.pretext is not None:
        return f"loss of {record.pretext.method} over {passes} epochs; no label was looked at."
    return (
        f"{unit.label} on the part to stop by, over {passes} epochs; the weights are those of "
        f"epoch {best}, where its loss was least."
    )


def _table(record: DevelopRecord, unit: Unit) -> Table:
    if record.pretext is not None:
        losses = [(point.epoch, point.train_loss) for point in record.curve]
        cells = ((Cell(str(epoch), epoch), Cell(fixed(loss, 3), loss)) for epoch, loss in losses)
        return Table(("epoch", "loss"), tuple(cells))
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
