"""Where an object comes from, and what came from it: a graph of content hashes."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """One content: in the store under its names, or known only as somebody's parent (then without names)."""

    sha256: str
    names: tuple[str, ...]
    kind: str | None
    label: str


@dataclass(frozen=True, slots=True)
class Edge:
    """`child` was made from `parent` (content hashes)."""

    parent: str
    child: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """Everything above and below some objects, parents before children."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def lineage(session: sqlite3.Connection, of: Iterable[str]) -> Lineage:
    """All ancestors and all descendants of the contents `of` (hashes), with the edges on the way."""
    start = set(of)
    up, down, labels = _relations(session)
    ancestors, descendants = _reached(start, up), _reached(start, down)
    edges = {(parent, child) for child in ancestors for parent in up.get(child, ())}
    edges |= {(parent, child) for parent in descendants for child in down.get(parent, ())}
    names, kinds = _names(session)
    order = _parents_first(ancestors | descendants, edges)
    nodes = (
        Node(each, tuple(names[each]), kinds.get(each), next(iter(names[each]), labels.get(each, "")))
        for each in order
    )
    return Lineage(tuple(nodes), tuple(Edge(*edge) for edge in sorted(edges)))


def ancestors(session: sqlite3.Connection, sha256: str) -> list[str]:
    """Everything a content was made from, directly or not, and itself: parents before children."""
    up, _, _ = _relations(session)
    above = _reached({sha256}, up)
    return _parents_first(above, {(parent, child) for child in above for parent in up.get(child, ())})


def descendants(session: sqlite3.Connection, sha256: str) -> tuple[str, ...]:
    """The objects (``NAME@VERSION``) that were made from a content, directly or not."""
    _, down, _ = _relations(session)
    names, _ = _names(session)
    below = _reached({sha256}, down) - {sha256}
    return tuple(sorted(name for each in below for name in names[each]))


def _relations(
    session: sqlite3.Connection,
) -> tuple[dict[str, set[str]], dict[str, set[str]], dict[str, str]]:
    up: dict[str, set[str]] = defaultdict(set)
    down: dict[str, set[str]] = defaultdict(set)
    labels: dict[str, str] = {}
    for parent, child, label in session.execute(
        "SELECT parents.sha256, objects.sha256, label FROM parents "
        "JOIN objects ON objects.id = parents.object ORDER BY objects.id, label"
    ):
        up[child].add(parent)
        down[parent].add(child)
        labels.setdefault(parent, label)
    return up, down, labels


def _names(session: sqlite3.Connection) -> tuple[dict[str, list[str]], dict[str, str]]:
    names: dict[str, list[str]] = defaultdict(list)
    kinds: dict[str, str] = {}
    for sha256, name, version, kind in session.execute(
        "SELECT sha256, name, version, kind FROM objects ORDER BY name, version"
    ):
        names[sha256].append(f"{name}@{version}")
        kinds[sha256] = kind
    return names, kinds


def _reached(start: set[str], relation: Mapping[str, set[str]]) -> set[str]:
    """Everything that `relation` leads to from `start`, which is part of it; no recursion, no depth limit."""
    seen, ahead = set(start), list(start)
    while ahead:
        for each in relation.get(ahead.pop(), ()):
            if each not in seen:
                seen.add(each)
                ahead.append(each)
    return seen


def _parents_first(nodes: set[str], edges: set[tuple[str, str]]) -> list[str]:
    """A topological order (Kahn 1962), ties by hash. A child's hash covers its parents': no cycles."""
    children: dict[str, list[str]] = defaultdict(list)
    waiting = dict.fromkeys(nodes, 0)
    for parent, child in sorted(edges):
        children[parent].append(child)
        waiting[child] += 1
    ready = sorted((node for node in nodes if not waiting[node]), reverse=True)
    order = []
    while ready:
        order.append(node := ready.pop())
        for child in children[node]:
            waiting[child] -= 1
            if not waiting[child]:
                ready.append(child)
    return order + sorted(nodes - set(order))
