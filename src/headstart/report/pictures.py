"""Examples as a page can show them: small JPEGs as data URIs, texts cut to size."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from headstart.core.kinds import Modality
from headstart.core.run import RunRecord
from headstart.core.task import Task

SIDE_PIXELS = 160
JPEG_QUALITY = 74
TEXT_CHARACTERS = 600
BUDGET_BYTES = 900_000  # leaves room for words and charts on a page below 1.5 MB
ROWS_PER_FINDING = 6


@dataclass(frozen=True, slots=True)
class Picture:
    """A thumbnail: JPEG data URI, at most 160 pixels a side; `tiny` ones are enlarged without blur."""

    uri: str
    width: int
    height: int

    @property
    def tiny(self) -> bool:
        """Whether it has so few pixels that each should be seen as a square."""
        return max(self.width, self.height) < 80


@dataclass(frozen=True, slots=True)
class Snippet:
    """A text, cut after 600 characters."""

    text: str


@dataclass(frozen=True)
class Pictures:
    """What the rows that a report speaks of look like.

    Attributes:
        shown: by training row; a row that could not be shown is missing.
        private: no example, and no name of one, may appear on the page.
    """

    shown: Mapping[int, Picture | Snippet] = field(default_factory=dict)
    private: bool = False

    @classmethod
    def withheld(cls) -> Self:
        """For `--private`: nothing of the data on the page."""
        return cls(private=True)

    @classmethod
    def of(cls, task: Task, rows: Iterable[int]) -> Self:
        """Read `rows` of `task`, in the order of their importance, until the page's budget is spent."""
        shown: dict[int, Picture | Snippet] = {}
        spent = 0
        for row in dict.fromkeys(rows):
            example = _shown(task, row)
            if example is None:
                continue
            spent += len(example.uri if isinstance(example, Picture) else example.text.encode())
            if spent > BUDGET_BYTES:
                break
            shown[row] = example
        return cls(shown)


def rows_to_show(run: RunRecord) -> list[int]:
    """The training rows that the page wants to show, mistakes first."""
    rows = [example.row for example in run.doubtful]
    for finding in run.findings:
        rows += finding.rows[:ROWS_PER_FINDING]
    return rows


def _shown(task: Task, row: int) -> Picture | Snippet | None:
    if not 0 <= row < len(task.inputs) or task.modality not in (Modality.IMAGE, Modality.TEXT):
        return None
    try:
        content = task.inputs.read(row)
    except (OSError, ValueError):  # the file went away since it was loaded: the page does without
        return None
    return _thumbnail(content) if task.modality is Modality.IMAGE else _snippet(content)


def _thumbnail(image: Any) -> Picture:
    small = image.convert("RGB")
    small.thumbnail((SIDE_PIXELS, SIDE_PIXELS))
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=JPEG_QUALITY, optimize=True)
    uri = "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
    return Picture(uri, *small.size)


def _snippet(text: str) -> Snippet:
    text = " ".join(str(text).split())
    return Snippet(text if len(text) <= TEXT_CHARACTERS else text[: TEXT_CHARACTERS - 1].rstrip() + "…")
