"""The gain and its interval against zero."""

from __future__ import annotations

from headstart.core.verdict import Verdict
from headstart.report.charts.chart import Cell, Chart, Table
from headstart.report.charts.frame import anchor
from headstart.report.charts.markup import pct, tag
from headstart.report.charts.scale import Linear, extent, finite
from headstart.report.quantities import percent
from headstart.report.units import Unit

HEIGHT, BAR, BASE = 92, 46, 70


def draw(verdict: Verdict, unit: Unit) -> Chart | None:
    """A bar from low to high with a dot at the gain; None where they are not numbers."""
    low, high, gain = verdict.interval.low, verdict.interval.high, verdict.gain
    bounds = extent([low, high, gain, 0.0], pad=0.18)
    if not finite(low, high, gain) or bounds is None:
        return None
    x = Linear(*bounds, start=0, end=100)
    zero, at, left, right = x(0.0), x(gain), x(low), x(high)
    level = percent(verdict.interval.level, 0)
    between = unit.gain_interval(verdict.interval)
    summary = f"Gain {unit.gain(gain)}, {level} interval {between}; zero means no difference."
    colour = "good" if low > 0 else "bad" if high < 0 else "open"
    marks = [
        tag("rect", x=0, y=BAR - 22, width=pct(zero), height=BASE - BAR + 22, class_="zone-worse"),
        tag(
            "rect",
            x=pct(zero),
            y=BAR - 22,
            width=pct(100 - zero),
            height=BASE - BAR + 22,
            class_="zone-better",
        ),
        tag("line", x1=0, x2="100%", y1=BASE, y2=BASE, class_="axis"),
        tag(
            "rect",
            x=pct(left),
            y=BAR - 6,
            width=pct(max(right - left, 0.4)),
            height=12,
            rx=6,
            class_=f"bar {colour}",
        ),
        tag("line", x1=pct(zero), x2=pct(zero), y1=BAR - 22, y2=BASE + 5, class_="zero"),
        tag("circle", cx=pct(at), cy=BAR, r=8, class_=f"gain-dot {colour}"),
        tag("text", unit.gain(gain), x=pct(at), y=BAR - 14, class_=f"value {anchor(at)}"),
    ]
    step = x.step(5)
    for tick in x.ticks(5):
        if 3 < x(tick) < 97:
            marks.append(
                tag("text", unit.gain_tick(tick, step), x=pct(x(tick)), y=BASE + 18, class_="tick mid")
            )
    if zero > 24:
        marks.append(tag("text", "← worse with transfer", x=0, y=12, class_="tick"))
    marks.append(tag("text", "better with transfer →", x="100%", y=12, class_="tick end"))
    picture = tag(
        "svg",
        tag("title", summary),
        *marks,
        role="img",
        aria_label=summary,
        width="100%",
        height=HEIGHT,
        class_="chart",
    )
    table = Table(
        ("", "gain"),
        tuple(
            (Cell(name), Cell(unit.gain(value), value))
            for name, value in (("low", low), ("estimate", gain), ("high", high))
        ),
    )
    return Chart(picture, summary, table)
