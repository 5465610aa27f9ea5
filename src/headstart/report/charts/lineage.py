"""Where something comes from, and what came from it: a row each, the later the further to the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from headstart.report.charts.chart import Cell, Chart, Table
from headstart.report.charts.markup import tag

if TYPE_CHECKING:
    from headstart.store.lineage import Edge, Lineage, Node

ROW_PX, STEP_PX, WIDEST_PX, BEND_PX = 30, 24, 120, 8  # left of the names there is room for a phone's third
MOST_ROWS = 24  # the nearest; all are in the table
LONGEST_NAME = 34  # signs that a phone shows beside the dots
SHORT = 12  # signs of a hash that people compare


def draw(lineage: Lineage, of: str) -> Chart | None:
    """The graph around the content `of` (its hash); None where it has neither parents nor children.

    >>> from headstart.store import Edge, Lineage, Node
    >>> nodes = Node("d" * 64, (), None, "data train"), Node("a" * 64, ("cars@1",), "model", "cars@1")
    >>> draw(Lineage(nodes, (Edge("d" * 64, "a" * 64),)), "a" * 64).summary
    'cars@1 was made from data train; nothing was made from it.'
    """
    if not lineage.edges:
        return None
    near = _nearest(of, lineage.edges)
    nodes = [node for node in lineage.nodes if node.sha256 in near]
    shown = [node for node in nodes if near.index(node.sha256) < MOST_ROWS]
    left_out = len(lineage.nodes) - len(shown)
    row = {node.sha256: at for at, node in enumerate(shown)}
    edges = [edge for edge in lineage.edges if edge.parent in row and edge.child in row]
    layer = _layers(shown, edges)
    step = min(STEP_PX, WIDEST_PX / max(1, *layer.values()))
    x = {sha256: 8 + step * at for sha256, at in layer.items()}
    y = {sha256: ROW_PX * (at + 0.5) for sha256, at in row.items()}
    names_at = max(x.values()) + 18
    summary = _said(lineage, of, left_out)
    picture = tag(
        "svg", tag("title", summary),
        *[_line(x[edge.parent], y[edge.parent], x[edge.child], y[edge.child]) for edge in edges],
        *[_dot(node, x[node.sha256], y[node.sha256], node.sha256 == of) for node in shown],
        *[_name(node, names_at, y[node.sha256], node.sha256 == of) for node in shown],
        role="img", class_="chart", width="100%", height=ROW_PX * len(shown), aria_label=summary,
    )  # fmt: skip
    key = [("k-ring", "this one"), ("k-disc", "in the store")]
    if any(not node.names for node in shown):
        key.append(("k-hollow", "known by its hash"))
    return Chart(picture, summary, _table(lineage), tuple(key))


def _nearest(of: str, edges: Sequence[Edge]) -> list[str]:
    """All that hangs together with `of`, by the number of steps to it."""
    found = [of]
    for one in found:  # grows on the way
        touching = sorted((edge.parent, edge.child) for edge in edges if one in (edge.parent, edge.child))
        found += dict.fromkeys(each for pair in touching for each in pair if each not in found)
    return found


def _layers(nodes: Sequence[Node], edges: Sequence[Edge]) -> dict[str, int]:
    """The longest way from a node without parents; `nodes` come parents first."""
    layer: dict[str, int] = {}
    for node in nodes:
        above = [layer[edge.parent] for edge in edges if edge.child == node.sha256]
        layer[node.sha256] = 1 + max(above, default=-1)
    return layer


def _line(x: float, y: float, to_x: float, to_y: float) -> Markup:
    """Down from the parent, then right to the child."""
    bend = min(BEND_PX, to_x - x)
    way = f"M{x:g} {y:g}V{to_y - bend:g}Q{x:g} {to_y:g} {x + bend:g} {to_y:g}H{to_x:g}"
    return tag("path", d=way, class_="line ghost")


def _dot(node: Node, x: float, y: float, is_this: bool) -> Markup:
    look = "mark transfer ring" if is_this else "mark transfer" if node.names else "mark hollow transfer"
    tip = f"{_label(node)}, {node.kind or 'not in the store'}, {node.sha256[:SHORT]}"
    return tag("circle", tag("title", tip), cx=x, cy=y, r=5, class_=look, data_tip=tip)


def _name(node: Node, x: float, y: float, is_this: bool) -> Markup:
    label = _label(node)
    shown = label if len(label) <= LONGEST_NAME else label[: LONGEST_NAME - 1] + "…"
    return tag("text", shown, x=x, y=y + 4, class_="letter" if is_this else "start")


def _label(node: Node) -> str:
    return node.label or node.sha256[:SHORT]


def _said(lineage: Lineage, of: str, left_out: int) -> str:
    labels = {node.sha256: _label(node) for node in lineage.nodes}
    above = sorted(labels[edge.parent] for edge in lineage.edges if edge.child == of)
    below = sorted(labels[edge.child] for edge in lineage.edges if edge.parent == of)
    said = f"{labels[of]} was made from {_listed(above)}; {_listed(below)} was made from it."
    return said + (f" {left_out} further away are only in the table." if left_out else "")


def _listed(names: Sequence[str]) -> str:
    more = len(names) - 4
    return ", ".join(names[:4]) + (f" and {more} more" if more > 0 else "") or "nothing"


def _table(lineage: Lineage) -> Table:
    labels = {node.sha256: _label(node) for node in lineage.nodes}
    rows = []
    for node in lineage.nodes:
        above = ", ".join(labels[edge.parent] for edge in lineage.edges if edge.child == node.sha256)
        cells = (labels[node.sha256], node.kind or "not in the store", above, node.sha256[:SHORT])
        rows.append(tuple(Cell(text) for text in cells))
    return Table(("what", "kind", "made from", "sha256"), tuple(rows))
