"""Few labelled examples to learn from, others to be tested on once: drawn by class, by one seed."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from headstart.core.seeds import generator


def stratified(labels: Sequence[Hashable], n: int, *, seed: int, purpose: str) -> NDArray[np.int64]:
    """Rows [n], ascending, with the classes in their natural shares (each within one row).

    >>> stratified(["a"] * 6 + ["b"] * 2, 4, seed=0, purpose="doc").size
    4

    Raises:
        ValueError: when fewer than n rows are there.
    """
    if n > len(labels):
        raise ValueError(f"{n} rows asked of {len(labels)}")
    random = generator(seed, "demo", purpose)
    rows = random.permutation(len(labels))
    # Rows in a random order, each with its place within its own class as a fraction: the n first by that
    # fraction hold every class in its share.
    seen: dict[Hashable, int] = {}
    totals = {label: sum(other == label for other in labels) for label in set(labels)}
    place = []
    for row in rows:
        label = labels[row]
        seen[label] = seen.get(label, 0) + 1
        place.append((seen[label] - 0.5) / totals[label])
    return np.sort(rows[np.argsort(place, kind="stable")[:n]])
