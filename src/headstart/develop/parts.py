"""Three parts of the data: to learn from, to stop by, and to score once, at the end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import DataError
from headstart.core.kinds import Kind
from headstart.core.task import Task
from headstart.data import folds as make_folds

Rows = NDArray[np.int64]

LEAST_ROWS = 40  # below it a held-out part has so few rows that its score says nothing
LEAST_PER_CLASS = 8  # on average: 80 % of them to learn from, and one or two in each held-out part
TENTHS_FROM = 400  # rows: a tenth is then 40 and does; below it a part is a fifth
MOST_HELD = 2000  # rows in a part: accuracy is then known to a standard error of 1.1 points at most


@dataclass(frozen=True)
class Parts:
    """Rows of a task, each in one part; duplicates and groups never lie in two."""

    learn: Rows
    stop: Rows
    test: Rows


def divided(task: Task) -> Parts:
    """Stratified parts that keep groups whole, from `task.seed` alone.

    A held-out part is a tenth of the rows (a fifth below TENTHS_FROM), MOST_HELD rows at most.

    Raises:
        DataError: one class, or too few rows, classes or groups to hold two parts out.
    """
    _refuse_too_few(task)
    count = 10 if len(task) >= TENTHS_FROM else 5
    count = max(count, -(-len(task) // MOST_HELD))
    assignment = make_folds(task, n_folds=count, n_repeats=1).assignment[0]
    if assignment.max() < 2:
        raise DataError(
            f"the {len(task)} rows are {assignment.max() + 1} groups of copies or of --groups",
            where=task.name,
            expected="at least 3, so that two parts can be held out",
            remedy="Check the column of --groups, and whether the examples are copies of each other.",
        )
    learn = np.flatnonzero(assignment > 1)
    if task.kind is Kind.CLASSIFICATION and len(np.unique(task.targets[learn])) < len(task.classes):
        absent = np.setdiff1d(np.arange(len(task.classes)), task.targets[learn])
        raise DataError(
            f"class {task.classes[int(absent[0])]!r} has too few rows, or all are in one group",
            where=task.name,
            expected="at least 3 rows of a class that are not copies of each other",
            remedy="Add examples of it, or leave the class out.",
        )
    return Parts(learn, np.flatnonzero(assignment == 0), np.flatnonzero(assignment == 1))


def _refuse_too_few(task: Task) -> None:
    classes = len(task.classes) if task.kind is Kind.CLASSIFICATION else 2
    least = max(LEAST_ROWS, LEAST_PER_CLASS * classes)
    if len(task) < least:
        raise DataError(
            f"{len(task)} rows",
            where=task.name,
            expected=f"at least {least}, to learn from and to hold out",
            remedy="Developing takes plenty of examples. With few, `headstart fit` uses the sources at hand.",
        )
