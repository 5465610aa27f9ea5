"""Groups of rows that show the same thing: they must not be split between folds."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.kinds import Modality
from headstart.core.task import Inputs
from headstart.data import perceptual, shingles

Pairs = NDArray[np.int64]


@dataclass(frozen=True)
class Duplicates:
    """[n] group numbers: rows of one `exact` group have the same content, of one `near` group all but."""

    exact: NDArray[np.int64]
    near: NDArray[np.int64]


def find(inputs: Inputs) -> Duplicates:
    """Exact duplicates by content hash, near ones by what images and texts look like.

    Every exact group lies within one near group.
    """
    exact = number(inputs.hashes)
    _, first = np.unique(exact, return_index=True)  # one row of each content is enough to compare
    pairs = first[near_pairs(inputs.select(first.tolist()))]
    return Duplicates(exact, join(len(inputs), [pairs, _chains(exact)]))


def near_pairs(inputs: Inputs) -> Pairs:
    """[p, 2] rows that are near duplicates of each other; chains need not be spelled out."""
    if inputs.modality is Modality.IMAGE:
        return perceptual.near_pairs(perceptual.thumbnails(inputs))
    return shingles.near_pairs([inputs.read(row) for row in range(len(inputs))])


def number(names: Iterable[Hashable]) -> NDArray[np.int64]:
    """[n] numbers, the same for equal names, in the order of first appearance.

    >>> number("abca").tolist()
    [0, 1, 2, 0]
    """
    seen: dict[Hashable, int] = {}
    return np.fromiter((seen.setdefault(name, len(seen)) for name in names), dtype=np.int64)


def join(n: int, links: Sequence[Pairs]) -> NDArray[np.int64]:
    """[n] group numbers: rows that `links` connect, directly or in a chain, share one.

    >>> join(4, [np.array([[0, 3]])]).tolist()
    [0, 1, 2, 0]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = np.concatenate([link.reshape(-1, 2) for link in links]) if links else np.empty((0, 2), np.int64)
    graph = coo_array((np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    _, label = connected_components(graph, directed=False)
    return number(label.tolist())


def merge(*groupings: NDArray[np.int64]) -> NDArray[np.int64]:
    """[n] group numbers: rows that are together in any of the groupings are together.

    >>> merge(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 2])).tolist()
    [0, 0, 0, 1]
    """
    return join(len(groupings[0]), [_chains(grouping) for grouping in groupings])


def _chains(grouping: NDArray[np.int64]) -> Pairs:
    """[p, 2]: each row with the next one of its group."""
    order = np.argsort(grouping, kind="stable")
    same = grouping[order[1:]] == grouping[order[:-1]]
    return np.stack([order[:-1][same], order[1:][same]], axis=1)
