"""The files of a folder that is to be added: plain files below it, and no link that leads out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from headstart.core.errors import StoreError
from headstart.store.layout import checked_path


def gather(content: Path | Mapping[str, Path]) -> dict[str, Path]:
    """Places inside the object -> files to copy, from a folder, one file, or a mapping of these.

    Raises:
        StoreError: nothing is there, or a link leads out of the folder.
    """
    if isinstance(content, Path):
        content = _below(content) if content.is_dir() else {content.name: content}
    for path, file in content.items():
        checked_path(path)
        if not file.exists():
            raise StoreError("there is no such file", where=str(file), remedy="Correct the path.")
    return dict(sorted(content.items()))


def _below(folder: Path) -> dict[str, Path]:
    inside = folder.resolve()
    found: dict[str, Path] = {}
    for above, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = Path(above, name)
            if path.is_symlink() and not path.resolve().is_relative_to(inside):
                raise StoreError(
                    f"a link that leads out of the folder, to {path.resolve()}",
                    where=str(path),
                    expected="files in the folder itself",
                    remedy="Copy the folder with its links followed (cp -rL), and add the copy.",
                )
        files = (Path(above, name) for name in names)
        found |= {file.relative_to(folder).as_posix(): file for file in files}
    if not found:
        raise StoreError("the folder holds no file", where=str(folder), expected="at least one file")
    return found
