"""The cells of a label column (or the names of folders) to targets."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from headstart.core.errors import DataError
from headstart.core.finding import Finding
from headstart.core.kinds import Kind
from headstart.data import notes, spelling
from headstart.data.cells import class_name, is_missing, number
from headstart.data.quantities import read_quantities
from headstart.data.targets import Targets, one_class, present

MANY_FRACTIONS = 10  # more distinct values than this, not all whole: something measured
MANY_WHOLE = 50  # more distinct whole numbers than this, and few rows for each: a count or an age


def read(
    cells: Sequence[Any], places: Sequence[str], *, kind: Kind | None, normalize: bool, where: str
) -> Targets:
    """Targets from label cells; `places` [n] says where each stands.

    Raises:
        DataError: no labels; one class; labels that differ only in case or blanks; words for numbers.
    """
    asked = kind or guess_kind(cells)
    if asked is Kind.REGRESSION:
        return read_quantities(cells, places, guessed=kind is None, where=where)
    there, found = present(cells, places, where)
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


def _single_examples(counts: Counter[str], names: Sequence[str], places: Sequence[str]) -> list[Finding]:
    alone = sorted(name for name, count in counts.items() if count == 1)
    if not alone:
        return []
    shown = ", ".join(repr(name) for name in alone[:8]) + (", …" if len(alone) > 8 else "")
    said = f"{len(alone)} of {len(counts)} classes have one example: {shown}."
    return [notes.SINGLE_EXAMPLES(said, [places[names.index(name)] for name in alone])]


def _by_number_then_name(name: str) -> tuple[int, float, str]:
    value = number(name)
    return (0, value, name) if value is not None and math.isfinite(value) else (1, 0.0, name)
