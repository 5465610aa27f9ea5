"""Where fetched sources stand in the cache: one folder each, whole or not there at all."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from headstart.core import places
from headstart.core.errors import MachineError, SourceError
from headstart.sources.wheels import sha256

RECORD = "record.json"


def place(key: str) -> Path:
    """The folder of the source whose original weights have this hash."""
    return places.cache() / "sources" / key


def has(key: str) -> bool:
    """Whether the source is there, every file at the size it was written with."""
    folder = place(key)
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return all(
            (folder / name).stat().st_size == facts["bytes"] for name, facts in record["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


@contextmanager
def building(key: str) -> Iterator[Path]:
    """A folder to fill; when the block ends well it takes its place, in one step.

    Two processes may build the same source at once: the first to finish wins, the other's copy goes.
    """
    target = place(key)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
    except OSError as error:
        raise unwritable(target.parent, error) from error
    try:
        yield work
        record(work)
        put(work, target)
    except OSError as error:
        raise unwritable(target.parent, error) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def record(folder: Path) -> None:
    """Write down what every file in a finished folder is: its size and hash."""
    files = {
        path.name: {"bytes": path.stat().st_size, "sha256": sha256(path)} for path in sorted(folder.iterdir())
    }
    (folder / RECORD).write_text(json.dumps({"files": files}, indent=1), encoding="utf-8")


def put(work: Path, target: Path) -> None:
    """Move a finished folder to its place, unless a whole one stands there already."""
    if target.exists() and not has(target.name):
        shutil.rmtree(target, ignore_errors=True)  # damaged: a killed disk, a hand
    try:
        os.rename(work, target)
    except OSError:
        if not has(target.name):
            raise


def verify(key: str, *, where: str) -> Path:
    """The folder of a source, its contents as on the day they were written; marks it as used.

    Raises:
        SourceError: a file was changed since; the folder is removed, so that it can be fetched again.
    """
    folder = place(key)
    damaged = changed(folder)
    if damaged:
        shutil.rmtree(folder, ignore_errors=True)
        raise SourceError(
            f"{damaged} in the cache is damaged",
            where=where,
            remedy=f"It was removed. Run the same command again, or 'headstart fetch {where}'.",
        )
    os.utime(folder)
    return folder


def changed(folder: Path) -> str:
    """The first file whose content is not what was written; empty when all is well."""
    try:
        files = json.loads((folder / RECORD).read_text(encoding="utf-8"))["files"]
        return next((name for name, facts in files.items() if sha256(folder / name) != facts["sha256"]), "")
    except (OSError, ValueError, KeyError, TypeError):
        return RECORD


def unwritable(folder: Path, error: OSError) -> MachineError:
    """What it means that the cache cannot be written."""
    if error.errno == errno.ENOSPC:
        return MachineError(
            f"no space left in {folder}",
            remedy="Free some space, or let HEADSTART_HOME name a folder on another disk.",
        )
    return MachineError(
        f"{folder} cannot be written ({error.strerror or error})",
        remedy="Make it writable, or let HEADSTART_HOME name another folder.",
    )
