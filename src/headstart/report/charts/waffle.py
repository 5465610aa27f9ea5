"""A hundred dots for a hundred new examples: right without transfer, more right with it, wrong."""

from __future__ import annotations

from headstart.report.charts.chart import Chart
from headstart.report.charts.markup import tag

COLUMNS, PITCH, RADIUS = 20, 17, 6


def draw(with_transfer: float, without: float) -> Chart:
    """Accuracies in 0…1. What one of the two gets right beyond the other carries its colour.

    >>> draw(0.94, 0.86).summary
    'Of 100 new examples, 86 are right without transfer, 8 more with it, 6 wrong.'
    """
    new, old = round(100 * with_transfer), round(100 * without)
    both, more = min(new, old), abs(new - old)
    gained = new >= old
    kinds = ["both"] * both + ["gained" if gained else "lost"] * more + ["wrong"] * (100 - both - more)
    dots = [
        tag(
            "circle", cx=PITCH / 2 + PITCH * (at % COLUMNS), cy=PITCH / 2 + PITCH * (at // COLUMNS), r=RADIUS,
            class_=f"w-{kind}",
        )
        for at, kind in enumerate(kinds)
    ]  # fmt: skip
    base, other = ("without transfer", "with it") if gained else ("with transfer", "without it")
    summary = f"Of 100 new examples, {both} are right {base}, {more} more {other}, {100 - both - more} wrong."
    box = f"0 0 {PITCH * COLUMNS} {PITCH * 100 // COLUMNS}"
    picture = tag(
        "svg", tag("title", summary), *dots, viewBox=box, role="img", aria_label=summary, class_="waffle"
    )
    key = [("w-both", f"{both} right {base}")]
    if more:
        key.append(("w-gained" if gained else "w-lost", f"{more} more {other}"))
    key.append(("w-wrong", f"{100 - both - more} wrong"))
    return Chart(picture, summary, key=tuple(key))
