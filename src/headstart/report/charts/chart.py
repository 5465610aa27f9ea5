"""A chart: a picture, what it says in a sentence, and its numbers as a table."""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its text, and the number it is sorted by (None: by its text)."""

    text: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a chart."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def numeric(self, column: int) -> bool:
        """Whether a column holds numbers (set flush right)."""
        return any(row[column].value is not None for row in self.rows)


@dataclass(frozen=True, slots=True)
class Chart:
    """What a template needs to show a chart."""

    picture: Markup
    summary: str
    table: Table | None = None
    key: tuple[tuple[str, str], ...] = field(default=())  # (marker class, words) of the legend
