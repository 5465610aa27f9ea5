"""Where headstart keeps things on this machine."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The folder named by ``HEADSTART_HOME``, ``~/.headstart`` without it. It need not exist yet."""
    return Path(os.environ.get("HEADSTART_HOME") or Path.home() / ".headstart").expanduser()


def cache() -> Path:
    """Fetched sources, features, demo data: content-addressed, safe to delete."""
    return home() / "cache"


def store() -> Path:
    """What was developed, adapted and recorded; ``--store`` moves it."""
    return home() / "store"
