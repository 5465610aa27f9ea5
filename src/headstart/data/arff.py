"""ARFF, Weka's table format, as far as text and paths go: dense rows, quoted strings.

Format: https://waikato.github.io/weka-wiki/formats_and_processing/arff_stable/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from headstart.core.errors import DataError
from headstart.data import encodings
from headstart.data.tables import Misfits, Row, Table

_ATTRIBUTE = re.compile(r"@attribute\s+('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\S+)\s+(.+)", re.IGNORECASE)
_CELL = re.compile(r"\s*('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[^,]*?)\s*(,|$)")
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


def cells_of(line: str) -> list[Any]:
    r"""The cells of one data row; ``?`` is None.

    >>> cells_of(r"'it\'s good', 3, ?")
    ["it's good", '3', None]
    """
    found: list[Any] = []
    at, more = 0, True
    while more:
        match = _CELL.match(line, at)
        if match is None:
            return []
        found.append(None if match[1] == "?" else _plain(match[1]))
        at, more = match.end(), bool(match[2])
    return found


def _plain(cell: str) -> str:
    if len(cell) >= 2 and cell[0] == cell[-1] and cell[0] in "'\"":
        return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), cell[1:-1])
    return cell


def open_arff(path: Path) -> Table:
    """Columns are the attributes; rows are numbered by their line.

    Raises:
        DataError: no ``@attribute`` or no ``@data``.
    """
    codec = encodings.of_file(path)
    columns: list[str] = []
    first_line = 0
    with path.open(encoding=codec, errors="replace") as file:
        for number, line in enumerate(file, start=1):
            if line.strip().lower() == "@data":
                first_line = number
                break
            attribute = _ATTRIBUTE.match(line.strip())
            if attribute:
                columns.append(_plain(attribute.group(1)))
    if not columns or not first_line:
        part = "@attribute" if not columns else "@data"
        raise DataError(
            f"no {part} line",
            where=str(path),
            expected="an ARFF file",
            remedy="Save it anew as ARFF, or as .csv.",
        )

    def stream(chosen: Sequence[str], misfits: Misfits) -> Iterator[Row]:
        at = [columns.index(name) for name in chosen]
        with path.open(encoding=codec, errors="replace") as file:
            for number, line in enumerate(file, start=1):
                row = line.strip()
                if number <= first_line or not row or row.startswith("%"):
                    continue
                cells = cells_of(row)
                if len(cells) == len(columns):
                    yield number, tuple(cells[place] for place in at)
                else:
                    misfits.add(number, f"{len(cells)} cells where the header has {len(columns)}")

    return Table(path, tuple(columns), stream)
