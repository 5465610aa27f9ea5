"""Which column holds the label, the text, the image: as told, or guessed and said."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headstart.core.errors import DataError
from headstart.core.finding import Finding
from headstart.data import notes
from headstart.data.cells import is_missing, number
from headstart.data.options import LoadOptions
from headstart.data.tables import Table

LABEL_NAMES = (
    "label",
    "labels",
    "class",
    "target",
    "category",
    "y",
    "sentiment",
    "topic",
    "intent",
    "species",
)
TEXT_NAMES = (
    "text",
    "sentence",
    "review",
    "question",
    "content",
    "body",
    "message",
    "headline",
    "title",
    "query",
)
IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".avif", ".ppm", ".pgm")
_MOSTLY = 0.8  # of the cells: enough to call a column one of numbers
_WORDS_OF_A_TEXT = 3.0  # mean words from which a column of no telling name reads as text


@dataclass(frozen=True, slots=True)
class Columns:
    """The chosen columns; exactly one of `text` and `image` is set. `label` is None for unlabelled data."""

    label: str | None
    text: str | None
    image: str | None
    groups: str | None
    notes: tuple[Finding, ...]


def choose(table: Table, options: LoadOptions, *, labelled: bool) -> Columns:
    """The columns that `options` name, the others guessed from their names and first rows.

    Raises:
        DataError: a named column is not there, or nothing fits.
    """
    where = str(table.path)
    for name in (options.label if labelled else None, options.text, options.image, options.groups):
        require(name, table.columns, where)
    by_name = dict(zip(table.columns, zip(*table.sample(), strict=True), strict=False))
    guessed: list[str] = []
    text, image = options.text, options.image
    free = [name for name in table.columns if name not in (options.label, options.groups)]
    if text is None and image is None:
        image = _image_column(free, by_name, table.path.parent)
        text = None if image else _text_column(free, by_name)
        if not text and not image:
            raise _only_numbers(where, table.columns)
        guessed.append(f"the {'images are' if image else 'text is'} in column {image or text!r}")
    label = options.label
    if labelled and label is None:
        label = _label_column([name for name in free if name not in (text, image)], by_name, where)
        guessed.append(f"the label is in column {label!r}")
    said = "; ".join(guessed)
    note = (notes.GUESSED_COLUMNS(f"{said[0].upper()}{said[1:]}.", [where]),) if guessed and labelled else ()
    return Columns(
        label if labelled else None, None if image and not options.text else text, image, options.groups, note
    )


def require(name: str | None, columns: Sequence[str], where: str) -> None:
    """Check that a named column is there.

    Raises:
        DataError: with the nearest names.
    """
    if name is None or name in columns:
        return
    folded = {column.casefold(): column for column in columns}
    near = difflib.get_close_matches(name.casefold(), folded, n=2, cutoff=0.5)
    suggestion = " or ".join(repr(folded[match]) for match in near)
    raise DataError(
        f"no column {name!r}",
        where=where,
        expected=f"one of {', '.join(map(repr, columns[:20]))}",
        remedy=f"Did you mean {suggestion}?" if suggestion else "Check the name of the column.",
    )


def _image_column(names: Sequence[str], cells: Mapping[str, Sequence[Any]], folder: Path) -> str | None:
    for name in names:
        there = [cell for cell in cells.get(name, ()) if not is_missing(cell)][:100]
        paths = [cell for cell in there if isinstance(cell, str) and cell.lower().endswith(IMAGE_SUFFIXES)]
        if there and len(paths) * 2 > len(there):
            return name
    return None


def _text_column(names: Sequence[str], cells: Mapping[str, Sequence[Any]]) -> str | None:
    def words(name: str) -> float:
        there = [cell for cell in cells.get(name, ()) if not is_missing(cell)]
        if not there or any(not isinstance(cell, str) or number(cell) is not None for cell in there[:50]):
            return 0.0
        return sum(len(cell.split()) for cell in there) / len(there)

    told = [name for wanted in TEXT_NAMES for name in names if name.casefold() == wanted and words(name)]
    if told:
        return told[0]
    longest = max(names, key=words, default=None)
    return longest if longest is not None and words(longest) >= _WORDS_OF_A_TEXT else None


def _label_column(names: Sequence[str], cells: Mapping[str, Sequence[Any]], where: str) -> str:
    told = [name for wanted in LABEL_NAMES for name in names if name.casefold() == wanted]
    if told:
        return told[0]
    for name in reversed(names):  # by habit the answer stands last
        there = [cell for cell in cells.get(name, ()) if not is_missing(cell)]
        distinct = len({str(cell) for cell in there})
        numbers = sum(number(cell) is not None for cell in there)
        numeric = bool(there) and numbers >= _MOSTLY * len(there)  # a word among them is told later
        if distinct > 1 and (
            distinct * 2 <= len(there) or (numeric and name.casefold() not in ("id", "index"))
        ):
            return name
    listed = ", ".join(map(repr, names[:20]))
    raise DataError(
        f"no column looks like a label{f' among {listed}' if listed else ''}",
        where=where,
        expected="a column of few values, or of numbers, beside the examples",
        remedy="Name it: --label COLUMN. The first row must hold the names of the columns.",
    )


def _only_numbers(where: str, columns: Sequence[str]) -> DataError:
    return DataError(
        f"no column of texts or of image paths among {', '.join(map(repr, columns[:20]))}",
        where=where,
        expected="images or texts; this version does not handle tables of numbers and categories",
        remedy="If a column does hold texts or image paths, name it: --text COLUMN or --image COLUMN.",
    )
