"""A file that lets us find our fault: versions, options, where it happened. Never data.

The message of the error is left out, since it may quote a label or a text of the user's.
"""

from __future__ import annotations

import platform
import tempfile
import time
import traceback
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from headstart.core import places

_PACKAGES = ("headstart", "torch", "timm", "transformers", "scikit-learn", "numpy", "pydantic", "typer")


def write(error: BaseException, verb: str, options: Sequence[str]) -> Path | None:
    """Write the report under HEADSTART_HOME, else in the system's folder for temporary files."""
    name = f"bug-{time.strftime('%Y%m%d-%H%M%S')}.txt"
    for folder in (places.home() / "bugs", Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / name
            path.write_text(text(error, verb, options), encoding="utf-8")
        except OSError:
            continue
        return path
    return None


def text(error: BaseException, verb: str, options: Sequence[str]) -> str:
    """The report itself."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [
        f"command: headstart {verb} {' '.join(options)}",
        f"python: {platform.python_version()} on {platform.platform()}",
        *(f"{package}: {_version(package)}" for package in _PACKAGES),
        "",
        f"error: {type(error).__name__}",
        *(f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames),
    ]
    cause = error.__cause__ or error.__context__
    if cause is not None:
        lines.append(f"cause: {type(cause).__name__}")
        lines += [
            f"  {frame.filename}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(cause.__traceback__)
        ]
    return "\n".join(lines) + "\n"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
