"""How many networks to keep: score against the time that one answer takes."""

from __future__ import annotations

from headstart.core.run import RunRecord, TradeOff
from headstart.report.charts.chart import Cell, Chart, Table
from headstart.report.charts.frame import LEFT, RIGHT, Frame
from headstart.report.charts.markup import pct, tag
from headstart.report.charts.scale import Linear, extent, finite
from headstart.report.names import network_name
from headstart.report.quantities import significant
from headstart.report.units import Unit

TOP, BASE, HEIGHT = 34, 190, 232


def draw(run: RunRecord, unit: Unit) -> Chart | None:
    """A point per pruning of the combination, labelled by how many networks it keeps."""
    points = [one for one in run.trade_off if finite(one.score, one.ms_per_example)]
    points.sort(key=lambda one: one.ms_per_example)
    bounds = extent([one.score for one in points], pad=0.3)
    if len(points) < 2 or bounds is None:
        return None
    most = max(one.ms_per_example for one in points)
    frame = Frame(
        Linear(0.0, most * 1.04 or 1.0, LEFT, RIGHT - 2), Linear(*bounds, start=BASE, end=TOP), HEIGHT
    )
    chosen = _chosen(run)
    dots, labels = [], []
    for one in points:
        here = set(one.networks) == chosen
        tip = f"{_names(run, one)}: {unit.score(one.score)}, {significant(one.ms_per_example)} ms"
        dots.append(
            frame.dot(one.ms_per_example, one.score, tip, "mark transfer" + (" ring" if here else ""), 6)
        )
        at = frame.x(one.ms_per_example)
        words = f"{len(one.networks)} network{'' if len(one.networks) == 1 else 's'}" + (
            " (this model)" if here else ""
        )
        side = "end" if at > 70 else "start"
        lift = -13 if side == "end" else 20  # on the side of the line that is free
        labels.append(tag("text", words, x=pct(at), y=frame.y(one.score) + lift, class_=f"letter {side}"))
    first, last = points[0], points[-1]
    slow, fast = significant(last.ms_per_example), significant(first.ms_per_example)
    summary = (
        f"{_names(run, first)} alone: {unit.score(first.score)} in {fast} ms an answer; "
        f"all {len(last.networks)}: {unit.score(last.score)} in {slow} ms."
    )
    line = frame.path([(one.ms_per_example, one.score) for one in points], "line transfer")
    picture = frame.draw(
        summary,
        frame.lines(line),
        *dots,
        *labels,
        x_ticks=[(at, significant(at, 2)) for at in frame.x.ticks(5)] if isinstance(frame.x, Linear) else [],
        y_ticks=[(at, unit.tick(at, frame.y.step(3))) for at in frame.y.ticks(3)],
        x_title="milliseconds for one answer",
    )
    return Chart(picture, summary, _table(run, points, unit))


def _chosen(run: RunRecord) -> set[str]:
    """The networks in the model that is handed back, named as in `TradeOff`."""
    members = {member.candidate for member in run.chosen.members}
    used = [one for one in run.candidates if one.id in members]
    return {one.id if one.rung > 2 else f"{one.source}@{one.settings.get('size')}" for one in used}


def _names(run: RunRecord, one: TradeOff) -> str:
    return ", ".join(network_name(run, network) for network in one.networks) or "no network"


def _table(run: RunRecord, points: list[TradeOff], unit: Unit) -> Table:
    rows = tuple(
        (
            Cell(str(len(one.networks)), len(one.networks)),
            Cell(_names(run, one)),
            Cell(unit.score(one.score), one.score),
            Cell(f"{significant(one.ms_per_example)} ms", one.ms_per_example),
        )
        for one in points
    )
    return Table(("networks", "which", unit.label, "per answer"), rows)
