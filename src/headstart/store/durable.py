"""Steps that survive a power cut: nothing counts as written before the disk says so."""

from __future__ import annotations

import os
from pathlib import Path


def sync(descriptor: int) -> None:
    """Bring an open file to the disk itself; on macOS plain ``fsync`` stops at the drive's cache."""
    try:
        from fcntl import F_FULLFSYNC, fcntl  # type: ignore[attr-defined,unused-ignore]
    except ImportError:
        os.fsync(descriptor)
    else:
        fcntl(descriptor, F_FULLFSYNC)


def sync_folder(folder: Path) -> None:
    """Bring the names in `folder` to the disk (systems without open folders do it by themselves)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make `folder` and those above it, each durable in its parent."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)
