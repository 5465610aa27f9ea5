"""Data without labels: what is to be predicted."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from headstart.core.errors import DataError
from headstart.core.finding import Finding
from headstart.core.kinds import Modality
from headstart.core.task import Inputs
from headstart.data import columns, content, gathering, paths
from headstart.data.content import Content
from headstart.data.gathering import Gathered
from headstart.data.loading import gather
from headstart.data.options import LoadOptions
from headstart.data.tables import SUFFIXES, open_table

LOOKED_AT = 20  # files, to tell what a folder holds


def read_inputs(
    path: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    modality: Modality,
    *,
    text: str | None = None,
    image: str | None = None,
) -> Inputs:
    """The images or texts at `path`; labels, where there are any, are not looked at.

    Args:
        path: one file, a folder (also a flat one, or one with a subfolder per class), a table, or a list of
            paths of files.
        modality: what the model takes, `Modality.IMAGE` or `Modality.TEXT`.
        text: column of texts in a table.
        image: column of image paths in a table.

    Raises:
        DataError: nothing there can be used, or it is of another sort.
    """
    return inspect_inputs(path, modality, text=text, image=image)[0]


def inspect_inputs(
    path: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    modality: Modality,
    *,
    text: str | None = None,
    image: str | None = None,
) -> tuple[Inputs, tuple[Finding, ...]]:
    """As `read_inputs`, with the findings: what was left out, converted, decoded."""
    if not isinstance(path, (str, os.PathLike)):
        gathered = _files(Path(), [str(paths.existing(item)) for item in path], modality)
        return gathered.inputs, gathered.notes
    where = paths.existing(path)
    tables = [where] if where.is_file() and where.name.lower().endswith(SUFFIXES) else []
    if where.is_dir():
        names = [name for name in paths.files_below(where) if not name.lower().endswith(SUFFIXES)]
        tables = [where / name for name in paths.listing(where)[1] if name.lower().endswith(SUFFIXES)]
        if modality is Modality.IMAGE or not tables:
            gathered = _files(where, names, modality)
            return gathered.inputs, gathered.notes
    if len(tables) > 1:
        raise DataError(f"{len(tables)} tables", where=str(where), expected="one", remedy="Name the table.")
    if not tables:
        gathered = _files(where.parent, [where.name], modality)
        return gathered.inputs, gathered.notes
    return _table(tables[0], modality, text, image)


def modality_of(
    path: str | os.PathLike[str], *, text: str | None = None, image: str | None = None
) -> Modality:
    """What the examples at `path` are: by the column that is named, else by what the first files hold.

    Raises:
        DataError: there is nothing at `path`, or a table with neither texts nor paths of images.
    """
    if text or image:
        return Modality.TEXT if text else Modality.IMAGE
    where = paths.existing(path)
    files = [where / name for name in paths.files_below(where)] if where.is_dir() else [where]
    tables = [file for file in files if file.name.lower().endswith(SUFFIXES)]
    others = [file for file in files if not file.name.lower().endswith(SUFFIXES)][:LOOKED_AT]
    pictures = sum(_is_image(file) for file in others)
    if tables and not pictures:
        chosen = columns.choose(open_table(tables[0]), LoadOptions(), labelled=False)
        return Modality.IMAGE if chosen.image is not None else Modality.TEXT
    return Modality.IMAGE if 2 * pictures > len(others) else Modality.TEXT


def _is_image(file: Path) -> bool:
    try:
        return content.look(file) is Content.IMAGE
    except OSError:
        return False


def _files(root: Path, names: Sequence[str], modality: Modality) -> Gathered:
    if not names:
        raise DataError(
            "no files",
            where=str(root),
            expected=f"{modality}s",
            remedy="Name the folder that holds the examples.",
        )
    if modality is Modality.IMAGE:
        return gathering.image_files(root, names, names, [(root / name).as_posix() for name in names])
    return gathering.text_files(root, names)


def _table(
    path: Path, modality: Modality, text: str | None, image: str | None
) -> tuple[Inputs, tuple[Finding, ...]]:
    table = open_table(path)
    chosen = columns.choose(table, LoadOptions(text=text, image=image), labelled=False)
    is_image = chosen.image is not None
    if is_image is not (modality is Modality.IMAGE):
        held = "image paths" if is_image else "texts"
        raise DataError(
            f"a table of {held}",
            where=str(path),
            expected=f"{modality}s, which the model takes",
            remedy="Name the column with --text or --image, or give examples that the model takes.",
        )
    numbers, cells, found = table.read([chosen.image or chosen.text or ""])
    gathered = gather(table, cells[0], numbers, is_image=is_image)
    return gathered.inputs, (*table.notes, *found, *gathered.notes)


def inputs_from(items: Sequence[Any], modality: Modality | None = None) -> Inputs:
    """Examples from Python: n texts, n paths of files, n PIL images, or uint8 arrays [n, h, w(, 3)].

    Strings are paths of images when every one of the first few names an image file that is there, texts
    otherwise; `modality` settles it.

    >>> inputs_from(["a fine film", "a dull one"]).read(1)
    'a dull one'

    Raises:
        DataError: nothing, or something that is neither.
    """
    return gather_items(items, modality).inputs


def gather_items(items: Sequence[Any], modality: Modality | None = None) -> Gathered:
    """As `inputs_from`, with the rows that could be used and the findings."""
    held = items if isinstance(items, np.ndarray) and items.ndim > 1 else list(items)
    if not len(held):
        raise DataError("no examples", where="X", expected="at least one", remedy="Give at least one.")
    first = held[0]
    if isinstance(first, (Image.Image, np.ndarray)):
        return gathering.images_in_memory(held, [f"X[{row}]" for row in range(len(held))])
    odd = next((row for row, item in enumerate(held) if not isinstance(item, (str, os.PathLike))), None)
    if odd is not None:
        raise DataError(
            f"a {type(held[odd]).__name__}",
            where=f"X[{odd}]",
            expected="texts, paths of images, PIL images, or arrays of pixels",
            remedy="This version does not handle rows of numbers." if not isinstance(held[odd], str) else "",
        )
    if modality is Modality.IMAGE or (modality is None and _are_images(held)):
        names = [str(item) for item in held]
        ids = _unique(names)
        return gathering.image_files(Path(), names, ids, names)
    if any(isinstance(item, os.PathLike) for item in held):
        return gathering.text_files(Path(), [os.fspath(item) for item in held])
    return gathering.text_cells(held, [str(row) for row in range(len(held))], "X", None)


def _unique(names: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    ids = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        ids.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return ids


def _are_images(held: Sequence[Any]) -> bool:
    def is_image(item: Any) -> bool:
        name = os.fspath(item)
        if len(name) > 4096 or "\n" in name or "\0" in name:
            return False
        try:
            return Path(name).is_file() and content.look(Path(name)) is Content.IMAGE
        except OSError:
            return False

    looked = [is_image(item) for item in held[:20]]
    return sum(looked) * 2 > len(looked)
