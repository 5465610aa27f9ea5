"""What the sources of the knowledge store brought to this run, and where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from headstart.core.errors import StoreError
from headstart.core.folds import Folds
from headstart.core.inheritance import FamilyEdge, FamilyNode, Inherited
from headstart.core.task import Task
from headstart.how.race import Race
from headstart.recipes.deciding import Decision
from headstart.sources.ids import STORE
from headstart.store import Edge, Node, Store
from headstart.what.look import Look
from headstart.when.additions import over_control, over_the_rest
from headstart.when.controls import FittedControl
from headstart.when.limits import Limits

THIS_RUN = "this run"


def inherited(
    task: Task,
    folds: Folds,
    plain: Sequence[FittedControl],
    look: Look,
    race: Race,
    decision: Decision,
    store: Store,
    *,
    limits: Limits,
) -> Inherited | None:
    """None where no source of the store was looked at."""
    own = sorted({line.source for line in look.ranking if line.source.startswith(STORE)})
    if not own:
        return None
    whole = [e for e in race.evidence if e.status == "complete"]
    evidence = [*(c.evidence for c in plain), *look.evidence, *whole]
    nodes, edges = family(own, task, store)
    weight, control, public = 0.0, None, None
    if any(e.candidate.source in own for e in evidence):
        weight = sum(share for candidate, share in decision.weights if candidate.source in own)
        control = over_control(evidence, own, task, folds, limits=limits)
        public = over_the_rest(decision.comparison, evidence, own, task, folds, limits=limits)
    return Inherited(
        sources=tuple(own), weight=weight, over_control=control, over_public=public, nodes=nodes, edges=edges
    )


def family(
    sources: Sequence[str], task: Task, store: Store
) -> tuple[tuple[FamilyNode, ...], tuple[FamilyEdge, ...]]:
    """All that the sources were made from, this run as their child; nothing, where the store is gone."""
    run = sha256(f"{THIS_RUN} {task.fingerprint}".encode()).hexdigest()
    nodes: dict[str, Node] = {}
    edges: dict[Edge, None] = {}
    try:
        for source in sources:
            made = store.get(source.removeprefix(STORE))
            above = store.lineage(made.id)
            wanted = ancestors(made.sha256, above.edges)
            nodes |= {node.sha256: node for node in above.nodes if node.sha256 in wanted}
            edges |= {e: None for e in above.edges if e.child in wanted}
            edges[Edge(made.sha256, run)] = None
    except StoreError:
        return (), ()
    nodes.setdefault(task.fingerprint, Node(task.fingerprint, (), None, f"data {task.name}"))
    edges[Edge(task.fingerprint, run)] = None
    nodes[run] = Node(run, (), "run", THIS_RUN)
    return (
        tuple(FamilyNode(sha256=n.sha256, names=n.names, kind=n.kind, label=n.label) for n in nodes.values()),
        tuple(FamilyEdge(parent=edge.parent, child=edge.child) for edge in edges),
    )


def ancestors(of: str, edges: Sequence[Edge]) -> set[str]:
    """The content `of` and all that it was made from."""
    found = [of]
    for one in found:  # grows on the way
        found += [e.parent for e in edges if e.child == one and e.parent not in found]
    return set(found)
