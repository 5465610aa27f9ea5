"""Predicted against true values of a regression."""

from __future__ import annotations

from collections.abc import Sequence

from headstart.report.charts.chart import Chart
from headstart.report.charts.frame import LEFT, RIGHT, Frame
from headstart.report.charts.scale import Linear, extent, finite
from headstart.report.quantities import fixed, significant

TOP, BASE, HEIGHT = 20, 320, 362


def draw(predicted: Sequence[tuple[float, float]], summary: str) -> Chart | None:
    """A point per example, made by models that had not seen it; the diagonal is perfect."""
    pairs = [(truth, answer) for truth, answer in predicted if finite(truth, answer)]
    bounds = extent([value for pair in pairs for value in pair], pad=0.05)
    if not pairs or bounds is None:
        return None
    x, y = Linear(*bounds, start=LEFT, end=RIGHT), Linear(*bounds, start=BASE, end=TOP)
    frame = Frame(x, y, HEIGHT)
    dots = [
        frame.dot(
            truth,
            answer,
            f"true {significant(truth)}, predicted {significant(answer)}",
            "mark transfer thin",
            3.5,
        )
        for truth, answer in pairs
    ]
    step = x.step(5)
    digits = 0 if step >= 1 else 2 if step < 0.1 else 1
    picture = frame.draw(
        summary,
        frame.lines(frame.path([(bounds[0], bounds[0]), (bounds[1], bounds[1])], "reference")),
        *dots,
        x_ticks=[(at, fixed(at, digits)) for at in x.ticks(5)],
        y_ticks=[(at, fixed(at, digits)) for at in y.ticks(5)],
        x_title="true value",
    )
    return Chart(picture, summary, key=(("k-disc", "one example"), ("k-line", "perfect: predicted = true")))
