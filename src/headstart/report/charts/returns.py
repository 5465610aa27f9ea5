"""Learning curves of control: each arm's interquartile mean over its learners, with a band over seeds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from headstart.core.control import ArmCurve
from headstart.metrics.returns import interquartile_mean
from headstart.report.charts.chart import Cell, Chart, Table
from headstart.report.charts.frame import LEFT, RIGHT, Frame
from headstart.report.charts.scale import Linear, extent
from headstart.report.quantities import count, significant
from headstart.report.units import Unit

TOP, BASE, HEIGHT = 14, 234, 276
CONTROL = "scratch"
Point = tuple[int, float, float, float]  # step, middle, lowest and highest learner


def draw(arms: Sequence[ArmCurve], unit: Unit, best: str) -> Chart | None:
    """Two lines with bands: the arm `best` and learning from scratch; the table has every arm."""
    curves = {arm.candidate: summary(arm) for arm in arms}
    shown = [name for name in (best, CONTROL) if len(curves.get(name, ())) > 1]
    bounds = extent([value for name in shown for point in curves[name] for value in point[1:]])
    if not shown or bounds is None:
        return None
    last = max(curves[name][-1][0] for name in shown)
    x, y = Linear(0, last, LEFT, RIGHT - 2), Linear(*bounds, start=BASE, end=TOP)
    frame = Frame(x, y, HEIGHT)
    paths, dots = [], []
    for name in shown:
        kind = "control" if name == CONTROL else "transfer"
        paths.append(frame.band([(step, low, high) for step, _, low, high in curves[name]], f"band {kind}"))
        paths.append(frame.path([(step, middle) for step, middle, _, _ in curves[name]], f"line {kind}"))
        dots += [
            frame.dot(step, middle, f"{name}, {count(step)} steps: {unit.score(middle)}", f"mark {kind}", 3.5)
            for step, middle, _, _ in curves[name]
        ]
    words = f"Return after so many steps, {' and '.join(shown)}; the band spans the learners."
    if any(arm.simulated for arm in arms if arm.candidate == best):
        words += f" Those of {best} are steps in the simulator."
    picture = frame.draw(
        words,
        frame.lines(*paths),
        *dots,
        x_ticks=[(at, count(at)) for at in x.ticks(5)],
        y_ticks=[(at, unit.tick(at, y.step(4))) for at in y.ticks(4)],
        x_title="steps of one learner",
    )
    key = tuple(("k-diamond" if name == CONTROL else "k-disc", name) for name in shown)
    return Chart(picture, words, _table(curves), key)


def summary(arm: ArmCurve) -> list[Point]:
    """(step, interquartile mean, lowest and highest learner's mean) where all learners were looked at."""
    curves = [learner.points for learner in arm.learners if learner.points]
    if not curves:
        return []
    steps = sorted(set.intersection(*({point.step for point in curve} for curve in curves)))
    found = []
    for step in steps:
        rows = [point.returns for curve in curves for point in curve if point.step == step]
        means = [float(np.mean(row)) for row in rows]
        found.append((step, float(interquartile_mean(np.concatenate(rows))), min(means), max(means)))
    return found


def _table(curves: dict[str, list[Point]]) -> Table:
    rows = [
        (Cell(name), Cell(count(step), step), *(Cell(significant(value), value) for value in values))
        for name, curve in curves.items()
        for step, *values in curve
    ]
    return Table(("arm", "steps", "return", "lowest learner", "highest learner"), tuple(rows))
