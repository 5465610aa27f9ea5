"""Files and cells to inputs: each is looked at once, what cannot be used is left out and said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import DataError
from headstart.core.finding import Finding
from headstart.core.task import Inputs
from headstart.data import content, encodings, notes, survey
from headstart.data.cells import is_missing
from headstart.data.content import Content
from headstart.data.images import Images
from headstart.data.survey import Fault
from headstart.data.texts import TextFiles, Texts, text_hash


@dataclass(frozen=True)
class Gathered:
    """Inputs that can be used; `rows` are their places among what was given."""

    inputs: Inputs
    rows: NDArray[np.int64]
    notes: tuple[Finding, ...]


def image_files(root: Path, names: Sequence[str], ids: Sequence[str], places: Sequence[str]) -> Gathered:
    """Images at `names` (relative to `root`); `places` [n] says where each is to be looked for.

    Raises:
        DataError: more than half cannot be used.
    """
    looked = survey.examine([root / name for name in names], survey.image_file)
    rows = [row for row, seen in enumerate(looked) if not isinstance(seen, Fault)]
    found = _left_out(looked, places, str(root))
    seen = [looked[row] for row in rows]
    inputs = Images([names[row] for row in rows], [ids[row] for row in rows], seen, root=str(root))
    return Gathered(inputs, np.array(rows, dtype=np.int64), (*found, *survey.conversions(seen)))


def images_in_memory(items: Sequence[Any], places: Sequence[str]) -> Gathered:
    """PIL images or arrays.

    Raises:
        DataError: one is no image.
    """
    looked = []
    for item, place in zip(items, places, strict=True):
        try:
            looked.append(survey.image_array(item))
        except (ValueError, TypeError) as error:
            raise DataError(
                f"not an image ({error})",
                where=place,
                expected="[h, w], [h, w, 3] numbers or a PIL image",
                remedy="Give pictures as arrays, PIL images or paths.",
            ) from None
    ids = [str(row) for row in range(len(looked))]
    return Gathered(Images(items, ids, looked), np.arange(len(looked)), tuple(survey.conversions(looked)))


def text_files(root: Path, names: Sequence[str]) -> Gathered:
    """Text files at `names` (relative to `root`).

    Raises:
        DataError: more than half cannot be used.
    """
    looked = survey.examine([root / name for name in names], text_file)
    places = [(root / name).as_posix() for name in names]
    rows = [row for row, seen in enumerate(looked) if not isinstance(seen, Fault)]
    found = _left_out(looked, places, str(root))
    codecs, hashes, lengths = zip(*(looked[row] for row in rows), strict=True)
    counts = Counter(codec for codec in codecs if codec != "utf-8")
    if counts:
        said = ", ".join(f"{count} in {codec}" for codec, count in counts.most_common())
        odd = [places[row] for row, codec in zip(rows, codecs, strict=True) if codec != "utf-8"]
        found.append(notes.OTHER_ENCODING(f"{said}.", odd, applied="Decoded as such."))
    inputs = TextFiles([names[row] for row in rows], codecs, hashes, lengths, root=str(root))
    return Gathered(inputs, np.array(rows, dtype=np.int64), tuple(found))


def text_file(path: Path) -> tuple[str, str, int] | Fault:
    """Codec, hash and length in characters of one text file."""
    data = survey.whole(path)
    if isinstance(data, Fault):
        return data
    sort = content.sort_of(data[: content.HEAD_BYTES])
    if sort not in (Content.TEXT, Content.EMPTY):
        return Fault(notes.FOREIGN_FILES, f"not a text but a {sort}")
    codec = encodings.detect(data)
    text = encodings.decode(data, codec)
    if not text.strip():
        return Fault(notes.EMPTY_TEXTS, "empty text")
    return codec, text_hash(text), len(text)


def text_cells(
    cells: Sequence[Any], ids: Sequence[str], source: str, numbers: Sequence[int] | None
) -> Gathered:
    """Texts of a column or a list; empty ones are left out.

    Raises:
        DataError: more than half are empty, or one is no text.
    """
    rows = [row for row, cell in enumerate(cells) if not is_missing(cell)]
    nested = next((row for row in rows if isinstance(cells[row], list | dict)), None)
    if nested is not None:
        place = f"{source}, row {numbers[nested]}" if numbers else f"text {nested}"
        raise DataError(
            f"a {type(cells[nested]).__name__}",
            where=place,
            expected="a text",
            remedy="Give the text itself, not a list or an object that holds it.",
        )
    gone = sorted(set(range(len(cells))) - set(rows))
    where = [f"{source}, row {numbers[row]}" if numbers else f"text {row}" for row in gone]
    found = survey.findings(
        where, [Fault(notes.EMPTY_TEXTS, "empty")] * len(gone), len(cells), source, "rows"
    )
    inputs = Texts(
        [str(cells[row]) for row in rows],
        [ids[row] for row in rows],
        source=source,
        places=[numbers[row] for row in rows] if numbers else None,
    )
    return Gathered(inputs, np.array(rows, dtype=np.int64), tuple(found))


def _left_out(looked: Sequence[Any], places: Sequence[str], where: str) -> list[Finding]:
    bad = [(place, seen) for place, seen in zip(places, looked, strict=True) if isinstance(seen, Fault)]
    return survey.findings(
        [place for place, _ in bad], [fault for _, fault in bad], len(looked), where, "files"
    )
