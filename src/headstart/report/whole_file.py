"""A file is written whole or not at all: temporary file beside it, fsync, rename, fsync the folder."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from headstart.core.errors import HeadstartError, MachineError, OutputError


def write_whole(path: Path, fill: Callable[[Path], object]) -> None:
    """Let `fill` write a temporary file beside `path`, then put it in place in one step.

    A reader sees the old file or the new one, never a part. Raises `MachineError` where the disk is
    full or may not be written, `OutputError` where the folder is not a folder.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_whole(Path(folder) / "a.txt", lambda part: part.write_text("whole"))
    ...     [(p.name, p.read_text()) for p in Path(folder).iterdir()]
    [('a.txt', 'whole')]
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fill(part)
        _sync(part)
        part.replace(path)
        _sync(path.parent)
    except OSError as error:
        raise _explained(error, path) from error
    finally:
        with contextlib.suppress(OSError):  # the folder itself may be what could not be made
            part.unlink()


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8 with `write_whole`."""
    write_whole(path, lambda part: part.write_text(text, encoding="utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` with `write_whole`."""
    write_whole(path, lambda part: part.write_bytes(data))


def _sync(path: Path) -> None:
    flags = os.O_RDONLY
    if path.is_dir():
        if not hasattr(os, "O_DIRECTORY"):  # Windows cannot open a folder; its rename is journalled
            return
    else:
        flags = os.O_RDWR
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _explained(error: OSError, path: Path) -> HeadstartError:
    where = str(path)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return MachineError(
            "no space left", where=where, remedy="Free some space, or choose another folder with --out."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return MachineError(
            "this folder may not be written to", where=where, remedy="Choose another folder with --out."
        )
    if error.errno in (errno.ENOTDIR, errno.EEXIST, errno.EISDIR):
        return OutputError(
            "something else already stands here",
            where=where,
            expected="a folder to write into",
            remedy="Move it away, or choose another folder with --out.",
        )
    return MachineError(
        f"cannot write: {error.strerror}", where=where, remedy="Choose another folder with --out."
    )
