"""The most confused pairs, where there are too many classes for a matrix."""

from __future__ import annotations

from headstart.core.development import DevelopRecord
from headstart.core.run import RunRecord
from headstart.report.charts.chart import Cell, Chart, Table
from headstart.report.charts.confusion import MOST_CLASSES
from headstart.report.charts.markup import pct, tag
from headstart.report.quantities import count, percent

SHOWN, ROW = 12, 14


def draw(run: RunRecord | DevelopRecord) -> Chart | None:
    """Truth → answer, by the number of examples; a table of every class's hits beside it."""
    matrix, classes = run.confusion, run.task.classes
    if not matrix or len(classes) != len(matrix) or len(classes) <= MOST_CLASSES:
        return None
    pairs = [
        (number, sum(line), classes[truth], classes[answer])
        for truth, line in enumerate(matrix)
        for answer, number in enumerate(line)
        if number and truth != answer
    ]
    pairs.sort(key=lambda pair: (-pair[0], pair[2], pair[3]))
    most = pairs[0][0] if pairs else 1
    shown = [pair for pair in pairs[:SHOWN] if pair[0] > 1] or pairs[:SHOWN]
    rows = [
        tag(
            "div",
            tag("div", tag("span", truth, class_="name"), tag("span", f"taken for {answer}", class_="detail"),
                class_="who"),
            tag("svg", tag("rect", width=pct(100 * number / most), height=ROW, rx=3, class_="fill control"),
                width="100%", height=ROW, class_="track fixed", aria_hidden="true"),
            tag("div", f"{count(number)} of {count(total)}", class_="score"),
            class_="dot-row",
        )
        for number, total, truth, answer in shown
    ]  # fmt: skip
    if not rows:
        rows = [tag("p", "No mistakes: every example was answered right by a model that had not seen it.")]
    summary = f"{len(pairs)} kinds of mistakes over {len(classes)} classes, the most frequent first."
    return Chart(tag("div", *rows, class_="dots"), summary, _classes(run))


def _classes(run: RunRecord | DevelopRecord) -> Table:
    lines = sorted(
        zip(run.task.classes, run.confusion, range(len(run.confusion)), strict=True),
        key=lambda one: one[1][one[2]] / max(sum(one[1]), 1),
    )
    rows = tuple(
        (
            Cell(name),
            Cell(count(sum(line)), sum(line)),
            Cell(count(line[at]), line[at]),
            Cell(percent(line[at] / sum(line), 0) if sum(line) else "–", line[at] / max(sum(line), 1)),
        )
        for name, line, at in lines
    )
    return Table(("class", "examples", "right", "share"), rows)
