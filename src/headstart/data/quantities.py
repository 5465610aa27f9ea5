"""The cells of a label column to the targets of a regression."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from headstart.core.errors import DataError
from headstart.core.kinds import Kind
from headstart.data import notes
from headstart.data.cells import is_missing, number
from headstart.data.targets import Targets


def read_quantities(
    cells: Sequence[Any], places: Sequence[str], *, guessed: bool, where: str, least_distinct: int = 2
) -> Targets:
    """Targets of a regression; rows without a finite one are left out.

    Raises:
        DataError: a cell is no number, or fewer than `least_distinct` distinct ones are left.
    """
    found = []
    numbers = np.full(len(cells), np.nan)
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
        numbers[row] = value
    finite = np.flatnonzero(np.isfinite(numbers))
    odd = np.flatnonzero(~np.isfinite(numbers))
    distinct = len(np.unique(numbers[finite]))
    if distinct < least_distinct:
        raise DataError(
            f"{distinct} distinct finite targets in {len(cells)} rows",
            where=where,
            expected=f"at least {least_distinct}",
            remedy="Check the label column.",
        )
    if len(odd):
        said = f"{len(odd)} of {len(cells)} targets are missing, NaN or infinite."
        found.append(notes.UNUSABLE_TARGETS(said, [places[int(row)] for row in odd], applied="Left out."))
    if guessed:
        found.append(
            notes.GUESSED_KIND(f"{distinct} distinct numbers were taken for a quantity: regression.")
        )
    return Targets(numbers[finite], (), Kind.REGRESSION, finite.astype(np.int64), tuple(found))
