"""Open the user's data: the task, and the test data that is touched once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from headstart.core.errors import DataError
from headstart.core.kinds import Kind
from headstart.core.task import Task
from headstart.data import LoadOptions, Overlap, load, overlap, select
from headstart.recipes.settings import FitSettings


@dataclass(frozen=True)
class Opened:
    """The task, and test data without the rows that training data has too.

    Attributes:
        leaked: rows of the test data as given that the training data shows already.
        given_test: the test data as given, for the checks.
    """

    task: Task
    test: Task | None = None
    given_test: Task | None = None
    leaked: Overlap | None = None


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
    if settings.test is None:
        return Opened(found)
    given = matched(load(settings.test, options, seed=settings.seed), found)
    leaked = overlap(found, given)
    kept = np.setdiff1d(np.arange(len(given)), leaked.rows)
    if not len(kept):
        raise DataError(
            "every row of the test data is in the training data too",
            where=settings.test,
            expected="examples that are not in the training data",
            remedy="Set some labelled examples aside as test data, or leave --test out.",
        )
    return Opened(found, select(given, kept), given, leaked)


def matched(test: Task, task: Task) -> Task:
    """Test data with the classes of the training data, in its order.

    Raises:
        DataError: another modality or kind, or a class that training does not know.
    """
    if (test.modality, test.kind) != (task.modality, task.kind):
        raise DataError(
            f"{test.kind.value} of {test.modality.value}s",
            where=test.name,
            expected=f"{task.kind.value} of {task.modality.value}s, as in the training data",
            remedy="Give test data of the same form as the training data.",
        )
    if task.kind is Kind.REGRESSION:
        return _with(test, task, test.targets)
    unknown = sorted(set(test.classes) - set(task.classes))
    if unknown:
        raise DataError(
            f"class {unknown[0]!r} is not in the training data",
            where=test.name,
            expected=", ".join(task.classes[:8]),
            remedy="Correct the label, or add examples of the class to the training data.",
        )
    place = np.array([task.classes.index(name) for name in test.classes])
    return _with(test, task, place[test.targets])


def _with(test: Task, task: Task, targets: np.ndarray) -> Task:
    return replace(test, targets=targets, classes=task.classes, metric=task.metric)
