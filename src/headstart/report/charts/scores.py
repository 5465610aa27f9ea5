"""Scores beside each other: a name, a dot with its interval, the number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from headstart.core.estimate import Interval
from headstart.report.charts.chart import Chart
from headstart.report.charts.markup import pct, tag
from headstart.report.charts.scale import Linear, extent, finite
from headstart.report.units import Unit

MIDDLE = "50%"


@dataclass(frozen=True, slots=True)
class Line:
    """One score; `kind` gives colour and shape: a disc for transfer, a diamond for a control."""

    name: str
    detail: str
    score: float
    kind: Literal["transfer", "control"]
    interval: Interval | None = None


def draw(lines: Sequence[Line], unit: Unit, summary: str) -> Chart | None:
    """The lines in their order on one scale; None without any."""
    ends = [end for line in lines if line.interval for end in (line.interval.low, line.interval.high)]
    bounds = extent([*(line.score for line in lines), *ends], pad=0.06)
    if not lines or bounds is None:
        return None
    x = Linear(*bounds, start=0, end=100)
    rows = [_row(line, unit, x) for line in lines]
    picture = tag("div", *rows, axis(x, unit), class_="dots", role="img", aria_label=summary)
    return Chart(picture, summary)


def _row(line: Line, unit: Unit, x: Linear) -> Markup:
    marks = [tag("line", x1=0, x2="100%", y1=MIDDLE, y2=MIDDLE, class_="rail")]
    if line.interval and finite(line.interval.low, line.interval.high):
        low, high = pct(x(line.interval.low)), pct(x(line.interval.high))
        marks.append(tag("line", x1=low, x2=high, y1=MIDDLE, y2=MIDDLE, class_=f"range {line.kind}"))
    marks.append(mark(x(line.score), line.kind))
    tip = f"{line.name}: {unit.score(line.score)}"
    return tag(
        "div",
        tag(
            "div",
            tag("span", line.name, class_="name"),
            tag("div", line.detail, class_="detail"),
            class_="who",
        ),
        tag("div", tag("svg", *marks, class_="track"), class_="lane", data_tip=tip, aria_hidden="true"),
        tag("div", unit.score(line.score), class_="score"),
        class_=f"dot-row {line.kind}",
    )


def mark(at: float, kind: str) -> Markup:
    """A disc for transfer, a diamond for a control: told apart without colour."""
    if kind == "transfer":
        return tag("circle", cx=pct(at), cy=MIDDLE, r=6, class_="mark transfer")
    inner = tag("path", d="M0 -7l7 7l-7 7l-7 -7Z", class_="mark control")
    return tag("svg", inner, x=pct(at), y=MIDDLE, class_="at")


def axis(x: Linear, unit: Unit) -> Markup:
    """The scale below rows of scores: ticks in the metric's unit."""
    step = x.step(4)
    ticks = [
        tag("text", unit.tick(at, step), x=pct(x(at)), y=14, class_="tick mid")
        for at in x.ticks(4)
        if 4 < x(at) < 96
    ]
    scale = tag("svg", *ticks, width="100%", height=20, class_="track fixed", aria_hidden="true")
    return tag(
        "div", tag("div", unit.label, class_="who axis-name"), scale, tag("div"), class_="dot-row axis-row"
    )
