"""What sources that were developed here brought to a run, in words, and where they come from, drawn."""

from __future__ import annotations

from headstart.core.inheritance import Difference
from headstart.core.run import RunRecord
from headstart.report.charts import lineage
from headstart.report.charts.chart import Chart
from headstart.report.names import source_name
from headstart.report.quantities import percent
from headstart.report.units import Unit
from headstart.store import Edge, Lineage, Node


def sentences(run: RunRecord, unit: Unit) -> list[str]:
    """How much of what is handed back rests on them, and what they gain over control and public sources."""
    found = run.inherited
    if found is None:
        return []
    names = " and ".join(source_name(run, source) for source in found.sources)
    if found.over_control is None:
        return [f"{names} had no part in the result: the ranking says why."]
    said = [f"{names} carried {percent(found.weight)} of what is handed back."]
    said.append(f"With the control alone: {_gain(found.over_control, unit)} over the control.")
    if found.over_public is not None:
        said.append(f"Beside the public sources: {_gain(found.over_public, unit)} over these without it.")
    return said


def family(run: RunRecord) -> Chart | None:
    """The lineage of this run's own sources; None where there is none."""
    if run.inherited is None or not run.inherited.nodes:
        return None
    nodes = tuple(Node(n.sha256, n.names, n.kind, n.label) for n in run.inherited.nodes)
    edges = tuple(Edge(edge.parent, edge.child) for edge in run.inherited.edges)
    return lineage.draw(Lineage(nodes, edges), nodes[-1].sha256)


def _gain(difference: Difference, unit: Unit) -> str:
    low, high = difference.interval.low, difference.interval.high
    return f"{unit.gain(difference.estimate)} ({unit.gain(low)} to {unit.gain(high)})"
