"""CSV and its relatives: encoding, delimiter and header found from the file itself."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from headstart.core.errors import DataError
from headstart.core.finding import Finding
from headstart.data import content, encodings, notes
from headstart.data.content import Content
from headstart.data.tables import Misfits, Row, Table

DELIMITERS = ",;\t|"
LONGEST_CELL = 2**27  # characters; csv's own limit of 131,072 is less than a long document
_SNIFFED_ROWS = 30


def open_csv(path: Path) -> Table:
    """A delimited table with a header row; the header is row 1, as in a spreadsheet.

    Raises:
        DataError: it is no text, has no header, or two columns of one name.
    """
    if content.look(path) is not Content.TEXT:
        raise DataError(
            "not a text file",
            where=str(path),
            expected="a table in CSV or TSV form",
            remedy="Save it as CSV in UTF-8.",
        )
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_CELL))
    codec = encodings.of_file(path)
    delimiter = "\t" if path.suffix.lower() == ".tsv" else _delimiter(path, codec)
    header = next((row for _, row in _records(path, codec, delimiter)), None)
    if header is None:
        raise DataError(
            "no header",
            where=str(path),
            expected="column names in the first row",
            remedy="Add a first row that names the columns, such as text,label.",
        )
    columns = tuple(name.strip() or f"column {at}" for at, name in enumerate(header, start=1))
    twice = [name for name, count in Counter(columns).items() if count > 1]
    if twice:
        raise DataError(
            f"2 columns are called {twice[0]!r}",
            where=f"{path}, row 1",
            expected="different names",
            remedy="Rename one of them.",
        )

    def stream(chosen: Sequence[str], misfits: Misfits) -> Iterator[Row]:
        at = [columns.index(name) for name in chosen]
        for number, row in islice(_records(path, codec, delimiter), 1, None):
            if len(row) == len(columns):
                yield number, tuple(row[place] for place in at)
            else:
                misfits.add(number, f"{len(row)} cells where the header has {len(columns)}")

    return Table(path, columns, stream, tuple(_said(path, codec)))


def _records(path: Path, codec: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Numbered records without empty ones; a first line ``sep=;`` (Excel) is skipped."""
    with path.open(encoding=codec, errors="replace", newline="") as file:
        for number, row in enumerate(csv.reader(file, delimiter=delimiter), start=1):
            if row and not (number == 1 and row[0].casefold().startswith("sep=")):
                yield number, row


def _delimiter(path: Path, codec: str) -> str:
    """The delimiter that cuts the first rows into the most columns of equal number."""

    def consistency(delimiter: str) -> tuple[float, int, int]:
        widths = [len(row) for _, row in islice(_records(path, codec, delimiter), _SNIFFED_ROWS)]
        width, count = Counter(widths).most_common(1)[0] if widths else (1, 0)
        alike = count / max(1, len(widths)) if width > 1 else 0.0
        return alike, -DELIMITERS.index(delimiter) if alike else 0, width

    return max(DELIMITERS, key=consistency)


def _said(path: Path, codec: str) -> list[Finding]:
    if codec == "utf-8":
        return []
    mark = " with a byte order mark" if codec in ("utf-8-sig", "utf-16", "utf-32") else ""
    name = codec.removesuffix("-sig")
    return [notes.OTHER_ENCODING(f"{path.name} is in {name}{mark}.", [str(path)], applied="Decoded as such.")]
