"""Tables as streams: names of columns, and rows of chosen columns one at a time.

A table is read twice: its first rows to learn what the columns hold, then the needed columns of all rows.
So what is kept in memory is the text and the label, not the table.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from headstart.core.errors import DataError
from headstart.core.finding import Finding
from headstart.data import encodings, notes, paths

Row: TypeAlias = "tuple[int, tuple[Any, ...]]"  # the row's number as a spreadsheet or editor shows it

SUFFIXES = (".csv", ".tsv", ".jsonl", ".parquet", ".arff")
SAMPLE_ROWS = 1000
FEW_BAD_ROWS, FEW_BAD_FRAC = 5, 0.01  # up to the larger of the two: a slip; more: the table is misread


@dataclass
class Misfits:
    """Rows that could not be read, gathered while a table streams by."""

    where: str
    rows: list[int] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def add(self, row: int, said: str) -> None:
        """One more."""
        self.rows.append(row)
        self.said.append(said)

    def findings(self, total: int) -> list[Finding]:
        """What to say about them after `total` rows, good and bad.

        Raises:
            DataError: they are too many for a slip.
        """
        if not self.rows:
            return []
        if len(self.rows) > max(FEW_BAD_ROWS, FEW_BAD_FRAC * total) or len(self.rows) * 2 > total:
            others = f"; {len(self.rows) - 1} more of {total} rows are like it" if len(self.rows) > 1 else ""
            raise DataError(
                self.said[0] + others,
                where=f"{self.where}, row {self.rows[0]}",
                expected="every row to fit the header",
                remedy=notes.RAGGED_ROWS.remedy,
            )
        places = [f"{self.where}, row {row}" for row in self.rows]
        said = f"{len(self.rows)} of {total} rows; the first: {self.said[0]}."
        return [notes.RAGGED_ROWS(said, places, applied="Left out.")]


@dataclass(frozen=True)
class Table:
    """An opened table; `stream(columns, misfits)` yields each row's number and the cells of `columns`."""

    path: Path
    columns: tuple[str, ...]
    stream: Callable[[Sequence[str], Misfits], Iterator[Row]]
    notes: tuple[Finding, ...] = ()

    def sample(self) -> list[tuple[Any, ...]]:
        """The first rows, all columns.

        Raises:
            DataError: there is none that fits.
        """
        misfits = Misfits(str(self.path))
        rows = [cells for _, cells in islice(self.stream(self.columns, misfits), SAMPLE_ROWS)]
        if not rows:
            misfits.findings(len(misfits.rows))
            raise self._no_rows()
        return rows

    def read(self, columns: Sequence[str]) -> tuple[list[int], list[list[Any]], list[Finding]]:
        """All rows of `columns`: row numbers, one list of cells per column, findings.

        Raises:
            DataError: too many rows do not fit the table, or there are none.
        """
        misfits = Misfits(str(self.path))
        numbers: list[int] = []
        cells: list[list[Any]] = [[] for _ in columns]
        for number, row in self.stream(columns, misfits):
            numbers.append(number)
            for column, cell in zip(cells, row, strict=True):
                column.append(cell)
        found = misfits.findings(len(numbers) + len(misfits.rows))
        if not numbers:
            raise self._no_rows()
        return numbers, cells, found

    def _no_rows(self) -> DataError:
        return DataError(
            "no rows",
            where=str(self.path),
            expected="a row per example",
            remedy="Fill the table, or name another one.",
        )


def open_table(path: Path) -> Table:
    """The table at `path`, by its suffix.

    Raises:
        DataError: the suffix is none that is read here, or the file is damaged.
    """
    from headstart.data import arff, delimited

    readers: dict[str, Callable[[Path], Table]] = {
        ".csv": delimited.open_csv,
        ".tsv": delimited.open_csv,
        ".jsonl": open_jsonl,
        ".parquet": open_parquet,
        ".arff": arff.open_arff,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise DataError(
            f"a file of the type {path.suffix or 'without suffix'}",
            where=str(path),
            expected=f"one of {' '.join(SUFFIXES)}, or a folder",
            remedy="Save the data in one of these forms.",
        )
    try:
        if not path.stat().st_size:
            raise DataError(
                "empty file",
                where=str(path),
                expected="a table",
                remedy="Fill the table, or name another one.",
            )
        return reader(path)
    except PermissionError:
        raise paths.denied(path) from None


def open_jsonl(path: Path) -> Table:
    """One JSON object a line; columns are the keys of the first 1,000 lines."""
    codec = encodings.of_file(path)

    def objects(misfits: Misfits) -> Iterator[tuple[int, dict[str, Any]]]:
        with path.open(encoding=codec, errors="replace") as file:
            for number, line in enumerate(file, start=1):
                if not line.strip():
                    continue
                try:
                    value = json.loads(line)
                except ValueError as error:
                    misfits.add(number, f"not JSON ({error})")
                    continue
                if isinstance(value, dict):
                    yield number, value
                else:
                    misfits.add(number, f"a {type(value).__name__}, not an object")

    def stream(columns: Sequence[str], misfits: Misfits) -> Iterator[Row]:
        return ((number, tuple(value.get(c) for c in columns)) for number, value in objects(misfits))

    misfits = Misfits(str(path))
    head = [value for _, value in islice(objects(misfits), SAMPLE_ROWS)]
    if not head:
        misfits.findings(len(misfits.rows))
        raise DataError(
            "no rows",
            where=str(path),
            expected="one JSON object a line",
            remedy="Fill the file, or name another one.",
        )
    return Table(path, tuple(dict.fromkeys(key for value in head for key in value)), stream)


def open_parquet(path: Path) -> Table:
    """Columns of a Parquet file, read in batches; its first row is row 1."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        columns = tuple(pq.ParquetFile(path).schema_arrow.names)
    except (pa.ArrowException, OSError) as error:
        said = str(error).splitlines()[0]
        raise DataError(
            f"not a whole Parquet file ({said})",
            where=str(path),
            expected="Parquet",
            remedy="Copy or write the file again; it may have been cut short.",
        ) from None

    def stream(chosen: Sequence[str], misfits: Misfits) -> Iterator[Row]:
        number = 0
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=8192, columns=list(dict.fromkeys(chosen))):
                lists = [batch.column(name).to_pylist() for name in chosen]
                for cells in zip(*lists, strict=True):
                    number += 1
                    yield number, cells

    return Table(path, columns, stream)
