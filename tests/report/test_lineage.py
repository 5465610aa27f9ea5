"""The graph of a lineage: parents left of and above their children, every name shown or in the table."""

import re
from itertools import pairwise
from xml.etree import ElementTree

from headstart.report.charts import lineage
from headstart.store import Edge, Lineage, Node


def node(sign, label="", names=()):
    return Node(sign * 64, tuple(names), "model" if names else None, label)


DATA, SOURCE, CHILD = (
    node("d", "data <train>"),
    node("5", "source@1", ["source@1"]),
    node("c", "child@1", ["c@1"]),
)
EDGES = (Edge("d" * 64, "5" * 64), Edge("5" * 64, "c" * 64), Edge("d" * 64, "c" * 64))
FAMILY = Lineage((DATA, SOURCE, CHILD), EDGES)


def places(chart):
    """(x, y) of every dot, from the drawing itself."""
    picture = ElementTree.fromstring(str(chart.picture))
    return [(float(dot.get("cx")), float(dot.get("cy"))) for dot in picture.iter("circle")]


def test_a_child_lies_below_and_to_the_right_of_its_parents():
    (data, source, child) = places(lineage.draw(FAMILY, SOURCE.sha256))
    assert data < source < child
    assert data[1] < source[1] < child[1]


def test_the_drawing_is_escaped_and_says_what_it_shows():
    chart = lineage.draw(FAMILY, SOURCE.sha256)
    assert "data &lt;train&gt;" in chart.picture
    assert chart.summary == "source@1 was made from data <train>; child@1 was made from it."
    assert [row[0].text for row in chart.table.rows] == ["data <train>", "source@1", "child@1"]


def test_what_stands_alone_is_not_drawn():
    assert lineage.draw(Lineage((CHILD,), ()), CHILD.sha256) is None


def test_a_deep_lineage_leaves_room_for_the_names_on_a_phone():
    nodes = [Node(f"{at:064x}", (f"n@{at}",), "model", "a long name " * 9) for at in range(20)]
    edges = [Edge(a.sha256, b.sha256) for a, b in pairwise(nodes)]
    chart = lineage.draw(Lineage(tuple(nodes), tuple(edges)), nodes[3].sha256)
    assert max(x for x, _ in places(chart)) < 140
    assert max(map(len, re.findall(r"<text[^>]*>([^<]*)<", str(chart.picture)))) <= lineage.LONGEST_NAME


def test_of_a_wide_lineage_the_nearest_are_drawn_and_the_rest_is_said():
    below = [Node(f"{at:064x}", (f"n@{at}",), "run", f"n@{at}") for at in range(1, 60)]
    edges = tuple(Edge(DATA.sha256, one.sha256) for one in below)
    chart = lineage.draw(Lineage((DATA, *below), edges), DATA.sha256)
    assert len(places(chart)) == lineage.MOST_ROWS
    assert "36 further away are only in the table" in chart.summary
    assert len(chart.table.rows) == 60
