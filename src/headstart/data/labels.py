"""The cells of a label column (or the names of folders) to targets."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import DataError
from headstart.core.finding import Finding
from headstart.core.kinds import Kind
from headstart.data import notes, spelling

# "None" and "none" are names of classes (no defect), so they are not here.
MISSING = frozenset({"", "nan", "NaN", "NAN", "null", "NULL", "NA", "N/A", "n/a", "#N/A", "<NA>", "?"})
MANY_FRACTIONS = 10  # more distinct values than this, not all whole: something measured
MANY_WHOLE = 50  # more distinct whole numbers than this, and few rows for each: a count or an age


@dataclass(frozen=True)
class Targets:
    """Targets of the rows that have one; `rows` are their places among the cells."""

    values: NDArray[Any]
    classes: tuple[str, ...]
    kind: Kind
    rows: NDArray[np.int64]
    notes: tuple[Finding, ...]


def is_missing(cell: Any) -> bool:
    """Whether a cell holds nothing.

    >>> is_missing(" "), is_missing(float("nan")), is_missing("none"), is_missing(0)
    (True, True, False, False)
    """
    if cell is None:
        return True
    if isinstance(cell, float):
        return math.isnan(cell)
    return isinstance(cell, str) and cell.strip() in MISSING


def number(cell: Any) -> float | None:
    """The cell as a number, None when it is none."""
    if isinstance(cell, bool):
        return None
    try:
        return float(cell)
    except (TypeError, ValueError):
        return None


def class_name(cell: Any) -> str:
    """The cell as the name of a class; a whole number stored as a float has no decimals."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def keep(targets: Targets, rows: NDArray[np.int64], *, where: str) -> Targets:
    """Targets of some rows: of those whose content can be used. A class that has none left is dropped.

    Raises:
        DataError: fewer than two classes are left.
    """
    values = targets.values[rows]
    if targets.kind is Kind.REGRESSION:
        return replace(targets, values=values, rows=targets.rows[rows])
    left, values = np.unique(values, return_inverse=True)
    classes = tuple(targets.classes[at] for at in left)
    if len(classes) < 2:
        raise one_class(classes, where)
    return replace(targets, values=values.astype(np.int64), classes=classes, rows=targets.rows[rows])


def read(
    cells: Sequence[Any], places: Sequence[str], *, kind: Kind | None, normalize: bool, where: str
) -> Targets:
    """Targets from label cells; `places` [n] says where each stands.

    Raises:
        DataError: no labels; one class; labels that differ only in case or blanks; words for numbers.
    """
    asked = kind or guess_kind(cells)
    if asked is Kind.REGRESSION:
        return _values(cells, places, guessed=kind is None, where=where)
    there = np.array([row for row, cell in enumerate(cells) if not is_missing(cell)], dtype=np.int64)
    found = _missing(cells, places, there, where)
    names = [class_name(cells[row]) for row in there]
    names, merged = spelling.settle(names, [places[row] for row in there], normalize=normalize)
    counts = Counter(names)
    if len(counts) < 2:
        raise one_class(tuple(counts), where)
    if len(counts) == len(names):
        raise DataError(
            f"every one of the {len(names)} examples has a class of its own",
            where=where,
            expected="a few classes with several examples each",
            remedy="Name the right column with --label, or pass --kind regression.",
        )
    if kind is None and all(number(name) is not None for name in counts):
        found.append(notes.GUESSED_KIND(f"{len(counts)} distinct numbers were taken for class names."))
    found += merged + _single_examples(counts, names, [places[row] for row in there])
    classes = tuple(sorted(counts, key=_by_number_then_name))
    index = {name: at for at, name in enumerate(classes)}
    values = np.array([index[name] for name in names], dtype=np.int64)
    return Targets(values, classes, Kind.CLASSIFICATION, there, tuple(found))


def guess_kind(cells: Sequence[Any]) -> Kind:
    """Regression when the labels are numbers with more distinct values than classes would have.

    >>> guess_kind(["0", "1", "1"]), guess_kind([i / 7 for i in range(40)])
    (<Kind.CLASSIFICATION: 'classification'>, <Kind.REGRESSION: 'regression'>)
    """
    values = [number(cell) for cell in cells if not is_missing(cell)]
    if not values or any(value is None for value in values):
        return Kind.CLASSIFICATION
    finite = [value for value in values if value is not None and math.isfinite(value)]
    distinct = len(set(finite))
    whole = all(value.is_integer() for value in finite)
    measured = distinct > MANY_FRACTIONS if not whole else distinct > max(MANY_WHOLE, len(finite) // 5)
    return Kind.REGRESSION if measured else Kind.CLASSIFICATION


def _values(cells: Sequence[Any], places: Sequence[str], *, guessed: bool, where: str) -> Targets:
    found = []
    values = np.full(len(cells), np.nan)
    for row, cell in enumerate(cells):
        if is_missing(cell):
            continue
        value = number(cell)
        if value is None:
            raise DataError(
                f"{cell!r} is not a number",
                where=places[row],
                expected="a number, as the task is regression",
                remedy="Correct the row, or pass --kind classification.",
            )
        values[row] = value
    finite = np.flatnonzero(np.isfinite(values))
    odd = np.flatnonzero(~np.isfinite(values))
    if len(finite) < 2 or np.ptp(values[finite]) == 0:
        raise DataError(
            f"{len(np.unique(values[finite]))} distinct finite targets in {len(cells)} rows",
            where=where,
            expected="at least 2",
            remedy="Check the label column.",
        )
    if len(odd):
        said = f"{len(odd)} of {len(cells)} targets are missing, NaN or infinite."
        found.append(notes.UNUSABLE_TARGETS(said, [places[int(row)] for row in odd], applied="Left out."))
    if guessed:
        distinct = len(np.unique(values[finite]))
        found.append(
            notes.GUESSED_KIND(f"{distinct} distinct numbers were taken for a quantity: regression.")
        )
    return Targets(values[finite], (), Kind.REGRESSION, finite.astype(np.int64), tuple(found))


def _missing(
    cells: Sequence[Any], places: Sequence[str], there: NDArray[np.int64], where: str
) -> list[Finding]:
    if not len(there):
        raise DataError(
            f"none of the {len(cells)} rows has a label",
            where=where,
            expected="a label in every row to learn from",
            remedy="Fill in labels, or name another column with --label.",
        )
    gone = np.setdiff1d(np.arange(len(cells)), there)
    if not len(gone):
        return []
    said = f"{len(gone)} of {len(cells)} rows have no label."
    return [notes.MISSING_LABELS(said, [places[int(row)] for row in gone], applied="Left out.")]


def _single_examples(counts: Counter[str], names: Sequence[str], places: Sequence[str]) -> list[Finding]:
    alone = sorted(name for name, count in counts.items() if count == 1)
    if not alone:
        return []
    shown = ", ".join(repr(name) for name in alone[:8]) + (", …" if len(alone) > 8 else "")
    said = f"{len(alone)} of {len(counts)} classes have one example: {shown}."
    return [notes.SINGLE_EXAMPLES(said, [places[names.index(name)] for name in alone])]


def one_class(names: Sequence[str], where: str) -> DataError:
    """The error when there is nothing to tell apart."""
    return DataError(
        f"one class: {names[0]!r}" if names else "no class",
        where=where,
        expected="at least 2 classes",
        remedy="Add examples of what it is to be told apart from.",
    )


def _by_number_then_name(name: str) -> tuple[int, float, str]:
    value = number(name)
    return (0, value, name) if value is not None and math.isfinite(value) else (1, 0.0, name)
