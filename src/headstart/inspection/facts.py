"""What is known when checks are made: the more of it, the more of them can speak."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.folds import Folds
from headstart.core.kinds import Kind
from headstart.core.source import SourceCard
from headstart.core.task import Task
from headstart.data import duplicates
from headstart.data.leakage import Overlap


@dataclass(frozen=True)
class Facts:
    """A task and what has been found out about it; None (or nothing): not known yet.

    Attributes:
        test: the data of ``--test``.
        overlap: test rows that repeat training rows, see `headstart.data.overlap`.
        oof: by source, out-of-fold class probabilities [n, k], NaN where a row was not predicted.
        sources: source cards, each with the input size it is used at (pixels a side, or tokens).
        left_out: sources that know nothing of such examples, and how that was seen.
        curve: (labels, score) points of the best candidate, rising in labels.
    """

    task: Task
    test: Task | None = None
    overlap: Overlap | None = None
    oof: Mapping[str, NDArray[np.float64]] | None = None
    folds: Folds | None = None
    sources: tuple[tuple[SourceCard, int], ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    curve: tuple[tuple[int, float], ...] = ()

    @cached_property
    def duplicates(self) -> duplicates.Duplicates:
        """Exact and near duplicates among the training rows."""
        return duplicates.find(self.task.inputs)

    @cached_property
    def nuisances(self) -> dict[str, NDArray[Any]]:
        """By name, [n] what should not tell the classes apart (width, length, format …)."""
        measure = getattr(self.task.inputs, "nuisances", dict)
        measured: dict[str, NDArray[Any]] = measure()
        return measured

    def label(self, row: int) -> str:
        """The label of a row as a person wrote it."""
        classes, target = self.task.classes, self.task.targets[row]
        return classes[int(target)] if classes else f"{float(target):g}"

    @property
    def class_counts(self) -> NDArray[np.int64]:
        """[classes] examples of each; empty for regression."""
        if self.task.kind is not Kind.CLASSIFICATION:
            return np.empty(0, dtype=np.int64)
        return np.bincount(self.task.targets, minlength=len(self.task.classes)).astype(np.int64)
