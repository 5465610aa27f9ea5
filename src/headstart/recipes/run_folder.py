"""The folder of a run: claimed before work starts, never another run's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol

from headstart.core.errors import InputError, MachineError, OptionError, OutputError

MARK = "log.jsonl"


class Placed(Protocol):
    """Settings that say where a run goes."""

    @property
    def out(self) -> str | None:
        """The folder; None: a new one by date and name."""
        ...

    @property
    def resume(self) -> bool:
        """Whether to continue the run that is there."""
        ...


def claim(settings: Placed, name: str) -> Path:
    """Make the run's folder, or the one to continue in.

    Raises:
        OutputError: it belongs to another run, or holds other files.
        MachineError: it cannot be written.
        OptionError: nothing says which run to continue.
    """
    if settings.resume and not settings.out:
        raise OptionError("--resume without --out", remedy="Name the folder of the run with --out.")
    folder = Path(settings.out).expanduser() if settings.out else unused(Path("headstart-runs"), name)
    try:
        if folder.exists() and not folder.is_dir():
            raise OutputError(
                "a file stands there",
                where=str(folder),
                expected="a folder",
                remedy="Name a new or empty folder with --out.",
            )
        held = {p.name for p in folder.iterdir()} if folder.exists() else set()
        if held and not (settings.resume and (MARK in held or "run.json" in held)):
            whose = "another run's" if {"run.json", MARK} & held else "not empty, and not a run's"
            raise OutputError(
                f"the folder is {whose}",
                where=str(folder),
                expected="a new or empty folder",
                remedy="Name another one with --out, or continue that run with --resume.",
            )
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".write-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise MachineError(
            f"cannot be written ({error.strerror})",
            where=str(folder),
            remedy="Name a folder that you may write to with --out.",
        ) from error
    return folder


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """The folder is this process's while the block lasts; one that is killed lets go by itself.

    A run that is refused before it has written more than its log leaves neither log nor folder.

    Raises:
        OutputError: another process is at work there.
    """
    is_new = not any(folder.iterdir())
    try:
        with _locked(folder):
            yield
    except (InputError, MachineError):
        if is_new and [path.name for path in folder.iterdir()] == [MARK]:
            with suppress(OSError):
                (folder / MARK).unlink()
                folder.rmdir()
        raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    try:
        import fcntl
    except ImportError:  # Windows has other locks; two runs in one folder are not noticed there
        yield
        return
    with (folder / MARK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputError(
                "another process is at work in this folder",
                where=str(folder),
                expected="a run that has stopped",
                remedy="Wait until it is done, stop it, or name another folder with --out.",
            ) from None
        except OSError:
            pass  # a file system without locks
        yield


def unused(parent: Path, name: str) -> Path:
    """``DATE-NAME`` below `parent`, with a number where that is taken."""
    plain = "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in name).strip("-.") or "run"
    first = parent / f"{datetime.now():%Y%m%d-%H%M%S}-{plain[:60]}"
    folder, number = first, 2
    while folder.exists():
        folder, number = first.with_name(f"{first.name}-{number}"), number + 1
    return folder
