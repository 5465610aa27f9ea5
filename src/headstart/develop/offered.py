"""Tasks that are offered to develop a source on, and their rows that may speak for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.kinds import Kind
from headstart.core.seeds import generator
from headstart.core.task import Task
from headstart.data import select

Features = Sequence[NDArray[np.floating]]
# A task -> its examples' features [n, d] by one or more public sources, in the same order for every task.
Reader = Callable[[Task], Features]

# Rows that speak for a task: a ridge head on features of a public source hardly learns more from others, and
# reading them is what selecting costs (15 ms a picture).
MOST_ROWS = 400
LEAST_ROWS = 10  # below it a head says nothing


@dataclass(frozen=True)
class OfferedTask:
    """A task with labels, or what is left of one in the store.

    Attributes:
        name: what the user calls it.
        task: its examples and labels; None where only its record is at hand.
        developed: [n, d] features of the *target's* examples, in their order, by a network that was
            developed on this task (a stored source, or one trained for a moment); it is then looked at in
            place of a ridge head on the public features.
        n, n_classes: its size where there is no `task`.
    """

    name: str
    task: Task | None = None
    developed: NDArray[np.floating] | None = None
    n: int = 0
    n_classes: int = 0

    @property
    def size(self) -> int:
        """Labelled examples it offers."""
        return self.n if self.task is None else len(self.task)

    @property
    def classes(self) -> int:
        """Classes it tells apart; 0 for values."""
        return self.n_classes if self.task is None else len(self.task.classes)


def speaking(offered: Task, target: Task) -> Task | None:
    """Some rows of an offered task, evenly by class, none of them an example of the target.

    None where fewer than LEAST_ROWS are left, or all of one class: the target's own rows would speak for
    themselves.
    """
    known = set(target.inputs.hashes)
    fresh = np.flatnonzero([content not in known for content in offered.inputs.hashes])
    order = generator(target.seed, "selecting", offered.fingerprint).permutation(fresh)
    if offered.kind is Kind.CLASSIFICATION:
        order = order[np.argsort(_places(offered.targets[order]), kind="stable")]
    rows = np.sort(order[:MOST_ROWS])
    if len(rows) < LEAST_ROWS or len(np.unique(offered.targets[rows])) < 2:
        return None
    return select(offered, rows)


def _places(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """[n] how many earlier rows have the same label."""
    places = np.empty(len(labels), dtype=np.int64)
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        places[rows] = np.arange(len(rows))
    return places
