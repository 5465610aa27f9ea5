"""What sources that were developed here brought to a run, and where they come from."""

from __future__ import annotations

from headstart.core.estimate import Interval
from headstart.core.record import Record


class Difference(Record):
    """A gain in the metric's unit (positive: better), with its interval."""

    estimate: float
    interval: Interval


class FamilyNode(Record):
    """One content by its hash: an object of the store under its names, or something it was made from."""

    sha256: str
    names: tuple[str, ...]
    kind: str | None
    label: str


class FamilyEdge(Record):
    """`child` was made from `parent` (content hashes)."""

    parent: str
    child: str


class Inherited(Record):
    """What the sources of the knowledge store are worth to a task.

    Attributes:
        sources: their ids; `weight` is their share of what is handed back (0…1).
        over_control: controls and these sources combined, against the controls alone; None where all were
            stopped on a part of the examples.
        over_public: everything combined, against everything but these sources; None where there was nothing
            else to transfer from.
        nodes, edges: their lineage, parents before children, this run the last.
    """

    sources: tuple[str, ...]
    weight: float
    over_control: Difference | None
    over_public: Difference | None
    nodes: tuple[FamilyNode, ...] = ()
    edges: tuple[FamilyEdge, ...] = ()
