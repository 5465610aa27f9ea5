"""The confusion matrix for few classes: rows are the truth, columns the answer."""

from __future__ import annotations

from markupsafe import Markup

from headstart.core.development import DevelopRecord
from headstart.core.run import RunRecord
from headstart.report.charts.chart import Chart
from headstart.report.charts.markup import tag
from headstart.report.quantities import count, percent

MOST_CLASSES = 12


def draw(
    run: RunRecord | DevelopRecord,
    seen: str = "training examples answered right by models that had not seen them",
) -> Chart | None:
    """A table whose cells are shaded by their share of the row; None for no or for too many classes."""
    matrix, classes = run.confusion, run.task.classes
    if not matrix or len(classes) != len(matrix) or len(classes) > MOST_CLASSES:
        return None
    total, right = sum(map(sum, matrix)), sum(line[at] for at, line in enumerate(matrix))
    if not total:
        return None
    summary = f"{count(right)} of {count(total)} {seen}."
    heads = [tag("th", tag("span", name), scope="col", title=name) for name in classes]
    body = [
        _line(name, at, line, classes) for at, (name, line) in enumerate(zip(classes, matrix, strict=True))
    ]
    head = tag(
        "thead", tag("tr", tag("td", "truth ↓  answer →", class_="corner"), *heads, tag("th", "right"))
    )
    picture = tag(
        "table", tag("caption", summary, class_="unseen"), head, tag("tbody", *body), class_="confusion"
    )
    return Chart(tag("div", picture, class_="scroll"), summary)


def _line(name: str, at: int, line: tuple[int, ...], classes: tuple[str, ...]) -> Markup:
    total = sum(line)
    cells = []
    for column, number in enumerate(line):
        share = number / total if total else 0.0
        kind = "right" if column == at else "wrong"
        tip = f"{count(number)} of {count(total)} “{name}” answered as “{classes[column]}”"
        strong = " strong" if share > 0.55 else ""
        shade = f"--share:{share:.3f}"
        cells.append(
            tag("td", count(number) if number else "·", class_=kind + strong, style=shade, data_tip=tip)
        )
    recall = percent(line[at] / total, 0) if total else "–"
    return tag("tr", tag("th", name, scope="row", title=name), *cells, tag("td", recall, class_="recall"))
