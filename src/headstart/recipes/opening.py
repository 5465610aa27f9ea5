"""Open the user's data: the task, and the test data that is touched once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from headstart.core.errors import DataError
from headstart.core.kinds import Kind
from headstart.core.task import Task
from headstart.data import LoadOptions, Overlap, load, overlap, seen_rows, select
from headstart.metrics import fitting
from headstart.recipes import keeping
from headstart.recipes.keeping import Kept
from headstart.recipes.settings import FitSettings


@dataclass(frozen=True)
class Opened:
    """The task, and test data without the rows that training data has too.

    Attributes:
        leaked: rows of the test data as given that the training data shows already.
        given_test: the test data as given, for the checks.
        kept: the task that must not be forgotten.
    """

    task: Task
    test: Task | None = None
    given_test: Task | None = None
    leaked: Overlap | None = None
    kept: Kept | None = None

    @cached_property
    def rows(self) -> seen_rows.Rows:
        """The hashes of all examples, training and test: nothing that is heard may know their answers."""
        tasks = [task for task in (self.task, self.test) if task is not None]
        return np.unique(np.concatenate([seen_rows.seen_rows(task.inputs) for task in tasks]))


def opened(settings: FitSettings, task: Task | None = None) -> Opened:
    """Load what the settings name (`task` where the data came as arrays)."""
    options = LoadOptions(
        label=settings.label,
        text=settings.text,
        image=settings.image,
        groups=settings.groups,
        kind=Kind(settings.kind) if settings.kind else None,
        metric=settings.metric,
        normalize_labels=settings.normalize_labels,
    )
    found = task if task is not None else load(settings.require_data(), options, seed=settings.seed)
    fitting(settings.metric, found.kind)
    kept = keeping.opened(settings.keep, found, options) if settings.keep else None
    if settings.test is None:
        return Opened(found, kept=kept)
    given = load_like(found, settings.test, options)
    leaked = overlap(found, given)
    rows = np.setdiff1d(np.arange(len(given)), leaked.rows)
    if not len(rows):
        raise DataError(
            "every row of the test data is in the training data too",
            where=settings.test,
            expected="examples that are not in the training data",
            remedy="Set some labelled examples aside as test data, or leave --test out.",
        )
    return Opened(found, select(given, rows), given, leaked, kept)


def load_like(task: Task, path: str, options: LoadOptions) -> Task:
    """More labelled data of a known task: its kind, its classes in its order, its metric.

    Raises:
        DataError: another modality, or a label that the task does not know.
    """
    asked = replace(options, kind=task.kind, classes=task.classes, metric=task.metric)
    given = load(path, asked, seed=task.seed)
    if given.modality is not task.modality:
        raise DataError(
            f"{given.modality.value}s",
            where=str(path),
            expected=f"{task.modality.value}s, as in the training data",
            remedy="Give data of the same form as the training data.",
        )
    return given
