"""Targets, and the rows that have one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import DataError
from headstart.core.finding import Finding
from headstart.core.kinds import Kind
from headstart.data import notes
from headstart.data.cells import is_missing


@dataclass(frozen=True)
class Targets:
    """Targets of the rows that have one; `rows` are their places among the cells."""

    values: NDArray[Any]
    classes: tuple[str, ...]
    kind: Kind
    rows: NDArray[np.int64]
    notes: tuple[Finding, ...]


def present(
    cells: Sequence[Any], places: Sequence[str], where: str
) -> tuple[NDArray[np.int64], list[Finding]]:
    """The rows that have a label, and what to say about the others.

    Raises:
        DataError: none has.
    """
    there = np.array([row for row, cell in enumerate(cells) if not is_missing(cell)], dtype=np.int64)
    if not len(there):
        raise DataError(
            f"none of the {len(cells)} rows has a label",
            where=where,
            expected="a label in every row to learn from",
            remedy="Fill in labels, or name another column with --label.",
        )
    gone = np.setdiff1d(np.arange(len(cells)), there)
    if not len(gone):
        return there, []
    said = f"{len(gone)} of {len(cells)} rows have no label."
    return there, [notes.MISSING_LABELS(said, [places[int(row)] for row in gone], applied="Left out.")]


def keep(targets: Targets, rows: NDArray[np.int64], *, where: str) -> Targets:
    """Targets of some rows: of those whose content can be used. A class that loses its last row is dropped.

    Raises:
        DataError: fewer than two classes are left.
    """
    values = targets.values[rows]
    if targets.kind is Kind.REGRESSION:
        return replace(targets, values=values, rows=targets.rows[rows])
    lost = np.setdiff1d(targets.values, values)
    left = [at for at in range(len(targets.classes)) if at not in lost]
    if len(left) < 2 and len(lost):
        raise one_class([targets.classes[at] for at in left], where)
    place = np.searchsorted(left, values)
    names = tuple(targets.classes[at] for at in left)
    return replace(targets, values=place.astype(np.int64), classes=names, rows=targets.rows[rows])


def one_class(names: Sequence[str], where: str) -> DataError:
    """The error when there is nothing to tell apart."""
    return DataError(
        f"one class: {names[0]!r}" if names else "no class",
        where=where,
        expected="at least 2 classes",
        remedy="Add examples of what it is to be told apart from.",
    )
