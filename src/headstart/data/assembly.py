"""Inputs and targets to a task: groups, fingerprint, metric, name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import DataError
from headstart.core.finding import Finding
from headstart.core.kinds import Kind
from headstart.core.task import Inputs, Task
from headstart.data import duplicates
from headstart.data.targets import Targets

IMBALANCE_RATIO = 3.0  # more than this between the largest and the smallest class: accuracy would mislead


def assemble(
    inputs: Inputs,
    targets: Targets,
    *,
    name: str,
    metric: str | None,
    seed: int,
    groups: NDArray[np.int64] | None = None,
    notes: Iterable[Finding] = (),
    resources: Sequence[tuple[str, str]] = (),
) -> Task:
    """A task from inputs and targets of the same rows; duplicates join the user's `groups`."""
    own = duplicates.find(inputs).near
    return Task(
        name=name,
        modality=inputs.modality,
        kind=targets.kind,
        inputs=inputs,
        targets=targets.values,
        classes=targets.classes,
        groups=own if groups is None else duplicates.merge(own, groups),
        metric=metric or default_metric(targets.kind, targets.values),
        seed=seed,
        fingerprint=fingerprint(inputs.hashes, targets.values, targets.classes),
        notes=tuple(notes),
        resources=tuple(resources),
    )


def default_metric(kind: Kind, values: NDArray[Any]) -> str:
    """Balanced accuracy above 3 to 1, accuracy below, negated RMSE for regression.

    >>> default_metric(Kind.CLASSIFICATION, np.array([0, 0, 0, 0, 1]))
    'balanced_accuracy'
    """
    if kind is Kind.REGRESSION:
        return "neg_rmse"
    _, counts = np.unique(values, return_counts=True)
    return "balanced_accuracy" if counts.max() > IMBALANCE_RATIO * counts.min() else "accuracy"


def fingerprint(hashes: Sequence[str], values: NDArray[Any], classes: Sequence[str]) -> str:
    """Hex hash over content hashes and targets, whatever their order.

    >>> a = fingerprint(["x", "y"], np.array([0, 1]), ("cat", "dog"))
    >>> a == fingerprint(["y", "x"], np.array([1, 0]), ("cat", "dog"))
    True
    """
    meant = [classes[int(value)] for value in values] if classes else [repr(float(value)) for value in values]
    digest = hashlib.sha256()
    for line in sorted(f"{content}\t{target}\n" for content, target in zip(hashes, meant, strict=True)):
        digest.update(line.encode("utf-8", errors="surrogatepass"))
    return digest.hexdigest()


def content_fingerprint(hashes: Sequence[str]) -> str:
    """Hex hash over content hashes alone, whatever their order: for data whose labels play no part.

    >>> content_fingerprint(["x", "y"]) == content_fingerprint(["y", "x"])
    True
    """
    return hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()


def select(task: Task, rows: Sequence[int] | NDArray[np.int64]) -> Task:
    """The task with only `rows`, in that order; classes, metric and groups stay, the fingerprint is new.

    Raises:
        DataError: no rows.
    """
    kept = np.asarray(rows, dtype=np.int64)
    if not len(kept):
        raise DataError("no rows are left", where=task.name)
    inputs = task.inputs.select(kept.tolist())
    targets = task.targets[kept]
    return replace(
        task,
        inputs=inputs,
        targets=targets,
        groups=duplicates.number(task.groups[kept].tolist()),
        fingerprint=fingerprint(inputs.hashes, targets, task.classes),
    )
