"""A list of actions from a file: what a person wrote down, played step by step."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from headstart.core.errors import DataError
from headstart.sim import spaces


def read_script(file: Path, action_space: dict[str, Any]) -> tuple[Any, ...]:
    """The actions in a JSON list, or in a CSV file with a row per step; each checked against the space.

    A choice is one whole number; other actions are as many numbers as the space has, inside its limits. The
    first row of a CSV file may be a heading.

    Raises:
        DataError: no such file, no list, an action that does not fit (said is which).
    """
    if not file.is_file():
        raise DataError(
            "there is no such script", where=str(file), expected="a .json or .csv file of actions"
        )
    try:
        text = file.read_text(encoding="utf-8-sig")
        rows = json.loads(text) if file.suffix.lower() == ".json" else _csv(text)
    except (UnicodeDecodeError, json.JSONDecodeError, csv.Error) as error:
        raise DataError(f"the script cannot be read ({error})", where=str(file)) from None
    if not isinstance(rows, list) or not rows:
        raise DataError("no list of actions", where=str(file), expected="one action for each step")
    return tuple(_action(row, action_space, f"{file}, action {at}") for at, row in enumerate(rows, start=1))


def _csv(text: str) -> list[list[str]]:
    rows = [row for row in csv.reader(text.splitlines()) if row]
    return rows[1:] if rows and not _is_number(rows[0][0]) else rows


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _action(row: Any, space: dict[str, Any], where: str) -> Any:
    """One action: an int for a choice, else [act] float32."""
    parts: Sequence[Any] = row if isinstance(row, list) else [row]
    choice = space["type"] == "discrete"
    wide = 1 if choice else spaces.width(space)
    expected = _expected(space)
    try:
        values = [float(part) for part in parts]
    except (TypeError, ValueError):
        raise DataError(f"{row!r} is no action", where=where, expected=expected) from None
    if len(values) != wide or not np.isfinite(values).all():
        raise DataError(f"{row!r} is no action", where=where, expected=expected)
    if choice:
        if values[0] not in range(space["start"], space["start"] + space["n"]):
            raise DataError(f"the choice {values[0]:g}", where=where, expected=expected)
        return int(values[0])
    for value, low, high in zip(values, space["low"], space["high"], strict=True):
        if (low is not None and value < low) or (high is not None and value > high):
            raise DataError(f"{value:g} lies outside the limits", where=where, expected=expected)
    return np.array(values, dtype=np.float32)


def _expected(space: dict[str, Any]) -> str:
    if space["type"] == "discrete":
        return f"a whole number from {space['start']} to {space['start'] + space['n'] - 1}"
    sides = [f"{_side(low)} … {_side(high)}" for low, high in zip(space["low"], space["high"], strict=True)]
    numbers = "1 number" if len(sides) == 1 else f"{len(sides)} numbers"
    return f"{numbers} in {', '.join(sides[:6])}"


def _side(value: float | None) -> str:
    return "∞" if value is None else f"{value:g}"
