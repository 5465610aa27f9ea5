"""Where data lies on disk: what is there, and what to say when it is not."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from pathlib import Path

from headstart.core.errors import DataError

_LEFTOVERS = {"__macosx", "thumbs.db", "desktop.ini", "@eadir"}  # what systems leave behind, not data


def existing(path: str | os.PathLike[str]) -> Path:
    """`path` as a Path that exists.

    Raises:
        DataError: nothing is there; near names are suggested.
    """
    there = Path(path).expanduser()
    try:
        if there.exists():
            return there
    except PermissionError:
        raise denied(there) from None
    except (OSError, ValueError):
        raise DataError(
            "is not a path",
            where=repr(str(path)),
            expected="a folder or a file",
            remedy="Give the path of a folder or of a table.",
        ) from None
    raise DataError(
        "no such file or folder",
        where=str(path),
        expected="a folder with a subfolder per class, or a table (.csv .tsv .jsonl .parquet .arff)",
        remedy=_suggestion(there) or "Check the path.",
    )


def _suggestion(missing: Path) -> str:
    parent = missing.parent
    try:
        names = [entry.name for entry in parent.iterdir()] if parent.is_dir() else []
    except OSError:
        return ""
    near = difflib.get_close_matches(missing.name, names, n=3, cutoff=0.6)
    return f"Did you mean {' or '.join(str(parent / name) for name in near)}?" if near else ""


def denied(path: Path) -> DataError:
    """The error for a place that may not be read."""
    return DataError(
        "permission denied",
        where=str(path),
        expected="a place that this user may read",
        remedy=f"Give yourself the right to read it, for example: chmod -R u+rX '{path}'.",
    )


def is_data(name: str) -> bool:
    """Whether a file or folder of this name may be data: not hidden, not left behind by a system.

    >>> is_data("a.jpg"), is_data(".DS_Store"), is_data("Thumbs.db")
    (True, False, False)
    """
    return not name.startswith(".") and name.casefold() not in _LEFTOVERS


def listing(folder: Path) -> tuple[list[str], list[str]]:
    """Names of the subfolders and of the files in `folder`, sorted, without hidden ones."""
    try:
        with os.scandir(folder) as entries:
            kept = [(entry.name, entry.is_dir()) for entry in entries if is_data(entry.name)]
    except PermissionError:
        raise denied(folder) from None
    return sorted(name for name, is_folder in kept if is_folder), sorted(
        name for name, is_folder in kept if not is_folder
    )


def files_below(folder: Path) -> Iterator[str]:
    """Posix paths, relative to `folder`, of all files below it, in a fixed order."""
    folders, files = listing(folder)
    yield from files
    for name in folders:
        if not (folder / name).is_symlink():  # a link could lead back up and never end
            yield from (f"{name}/{below}" for below in files_below(folder / name))
