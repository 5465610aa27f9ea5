"""The frame of a chart with two axes: grid lines, tick labels on them, and layers inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from headstart.report.charts.markup import join, pct, tag
from headstart.report.charts.scale import Linear, Log

Axis = Linear | Log
LEFT, RIGHT = 11.0, 97.0  # per cent of the width between which data are drawn


@dataclass(frozen=True, slots=True)
class Frame:
    """A plot whose x is in per cent of the width and whose y is in pixels from the top."""

    x: Axis
    y: Linear
    height: int

    def draw(
        self,
        label: str,
        *layers: Markup,
        x_ticks: Sequence[tuple[float, str]],
        y_ticks: Sequence[tuple[float, str]],
        x_title: str = "",
    ) -> Markup:
        """The whole SVG; ticks are (value, text)."""
        grid = [
            tag("line", x1="0", x2="100%", y1=self.y(at), y2=self.y(at), class_="grid") for at, _ in y_ticks
        ]
        names = [tag("text", text, x="0", y=self.y(at) - 4, class_="tick") for at, text in y_ticks]
        base = self.y.start
        for at, text in x_ticks:
            grid.append(
                tag("line", x1=pct(self.x(at)), x2=pct(self.x(at)), y1=base, y2=base + 4, class_="axis")
            )
            names.append(
                tag("text", text, x=pct(self.x(at)), y=base + 18, class_=f"tick {anchor(self.x(at))}")
            )
        axis = tag("line", x1="0", x2="100%", y1=base, y2=base, class_="axis")
        title = tag("text", x_title, x="100%", y=base + 35, class_="tick end") if x_title else None
        return tag(
            "svg", tag("title", label), *grid, axis, *layers, *names, title, role="img", class_="chart",
            width="100%", height=self.height, aria_label=label,
        )  # fmt: skip

    def lines(self, *paths: Markup) -> Markup:
        """A layer for paths, whose x is stretched over the width while strokes keep their weight."""
        floor = self.y.start
        box = f"0 0 100 {floor:g}"
        return tag("svg", *paths, viewBox=box, preserveAspectRatio="none", width="100%", height=floor)

    def path(self, points: Sequence[tuple[float, float]], class_: str) -> Markup:
        """A line through data points."""
        steps = " L".join(f"{self.x(x):.2f} {self.y(y):.2f}" for x, y in points)
        return tag("path", d=f"M{steps}", class_=class_, vector_effect="non-scaling-stroke")

    def band(self, points: Sequence[tuple[float, float, float]], class_: str) -> Markup:
        """The area between (x, low, high)."""
        there = [f"{self.x(x):.2f} {self.y(high):.2f}" for x, _, high in points]
        back = [f"{self.x(x):.2f} {self.y(low):.2f}" for x, low, _ in reversed(points)]
        return tag("path", d="M" + " L".join(there + back) + "Z", class_=class_)

    def dot(self, x: float, y: float, tip: str, class_: str, radius: float = 5) -> Markup:
        """A point with its words."""
        mark = tag(
            "circle",
            tag("title", tip),
            cx=pct(self.x(x)),
            cy=self.y(y),
            r=radius,
            class_=class_,
            data_tip=tip,
        )
        return join([mark])


def anchor(position: float) -> str:
    """The class that keeps a text at `position` per cent inside the chart."""
    return "start" if position < 15 else "end" if position > 88 else "mid"
