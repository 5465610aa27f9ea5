"""What one cell of a table says: nothing, a number, the name of a class."""

from __future__ import annotations

import math
from typing import Any

# "None" and "none" are names of classes (no defect), so they are not here.
MISSING = frozenset({"", "nan", "NaN", "NAN", "null", "NULL", "NA", "N/A", "n/a", "#N/A", "<NA>", "?"})


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
