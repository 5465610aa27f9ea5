"""A task: the user's problem, read lazily."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from headstart.core.finding import Finding
from headstart.core.kinds import Kind, Modality


class Inputs(Protocol):
    """The contents of n examples, read one at a time so that memory stays flat.

    `read(i)` gives a `PIL.Image.Image` in mode RGB for an image and a `str` for a text. It is
    thread-safe. What could not be read was found out, and left out, when the data was loaded.
    """

    @property
    def modality(self) -> Modality:
        """What every example is."""
        ...

    @property
    def ids(self) -> Sequence[str]:
        """[n] unique, stable names: relative path, or the row's id or number."""
        ...

    @property
    def hashes(self) -> Sequence[str]:
        """[n] hex content hashes (of the file's bytes or the text): the same content, the same hash."""
        ...

    def __len__(self) -> int: ...

    def read(self, index: int) -> Any:
        """The content of example `index`."""
        ...

    def locate(self, index: int) -> str:
        """Where a person finds example `index`: ``photos/a.jpg`` or ``data.csv, row 214``."""
        ...

    def select(self, rows: Sequence[int]) -> Inputs:
        """The same inputs, only `rows`, in that order."""
        ...


@dataclass(frozen=True)
class Task:
    """Labelled examples, what is asked about them, and how an answer is scored.

    Attributes:
        targets: [n] int64 class indices, or float64 values for regression.
        classes: the class names in the order of the indices; empty for regression.
        groups: [n] int64; rows with the same group are never split apart (the user's groups joined
            with groups of exact and near duplicates).
        metric: name of a score in `headstart.metrics` (larger is better).
        fingerprint: hex hash over content hashes and targets, order-free: the same data, the same value.
        notes: findings made while loading (what was handled, left out, normalised).
        resources: paths of columns and the like that led here, for lineage.
    """

    name: str
    modality: Modality
    kind: Kind
    inputs: Inputs
    targets: NDArray[Any]
    classes: tuple[str, ...]
    groups: NDArray[np.int64]
    metric: str
    seed: int
    fingerprint: str
    notes: tuple[Finding, ...] = ()
    resources: tuple[tuple[str, str], ...] = ()

    def __len__(self) -> int:
        return len(self.targets)

    @property
    def n_outputs(self) -> int:
        """Width of a prediction: the number of classes, or 1 for regression."""
        return len(self.classes) if self.kind is Kind.CLASSIFICATION else 1
