"""What both ways to develop, with labels and without, share: folder, clock, and what is handed back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from headstart.core.budget import Budget
from headstart.core.development import DevelopRecord
from headstart.core.errors import OutputError
from headstart.core.run import RankedSource
from headstart.core.source import Network
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.recipes.develop_settings import DevelopSettings
from headstart.recipes.log import LogWatch
from headstart.recipes.reuse import REUSE_FRAC, seen_from
from headstart.recipes.run_folder import MARK, claim, held
from headstart.recipes.tuning import shortened
from headstart.report import read_development
from headstart.report.development import DEVELOPMENT_NAME
from headstart.report.record import RECORD_NAME
from headstart.sources.threads import torch_threads
from headstart.training.blas import one_blas_thread

ATTEMPTS = "attempts"  # in the run's folder, while it lasts


@dataclass(frozen=True)
class Development:
    """A finished development: its record and its folder; the model itself lies in the store."""

    record: DevelopRecord
    folder: Path

    @property
    def source(self) -> str:
        """The id to reuse it by: ``store:NAME@VERSION``."""
        return self.record.object.source


def claimed(settings: DevelopSettings, data: str) -> Path:
    """The folder to work in: a new one, or that of a development, finished or not.

    Raises:
        OutputError: it holds something else. MachineError: it cannot be written.
    """
    folder = claim(settings.reading(data), settings.name)
    if (folder / RECORD_NAME).exists():
        raise OutputError(
            "the folder holds a run of `headstart fit`",
            where=str(folder),
            expected="a new folder, or a development's",
            remedy="Name another one with --out.",
        )
    return folder


@contextmanager
def at_work(folder: Path, settings: DevelopSettings, watch: Watch, started_s: float) -> Iterator[LogWatch]:
    """The folder is ours while the block lasts; a log that begins at `started_s`, threads as asked for."""
    with (
        held(folder),
        LogWatch(folder / MARK, watch, began_s=started_s) as log,
        one_blas_thread(),
        torch_threads(settings.threads),
    ):
        yield log


def finished(folder: Path, watch: Watch) -> Development | None:
    """The development in the folder, where it is finished."""
    if not (folder / DEVELOPMENT_NAME).exists():
        return None
    watch.say(f"{folder} holds a finished development; there is nothing to resume")
    return Development(read_development(folder), folder)


def budget(settings: DevelopSettings, started_s: float) -> Budget:
    """What the user allows, counted from `started_s`."""
    return Budget(settings.preset, settings.time_limit_s, settings.threads, settings.memory_bytes, started_s)


def deadline(clock: Budget, target: Task | None) -> float:
    """When learning must end (`time.monotonic`), so that the target's look still fits."""
    later_s = REUSE_FRAC * (clock.time_limit_s or 0.0) if target is not None else 0.0
    return time.monotonic() + shortened(clock, later_s).left_s()


def seen(
    target: Task | None, files: Path, parent: Network | None, settings: DevelopSettings, watch: Watch
) -> tuple[RankedSource, ...]:
    """What the target, where there is one, sees in the new source in `files`, and in its parent."""
    if target is None or watch.stop_requested:
        return ()
    return seen_from(target, files, parent, settings, watch)
