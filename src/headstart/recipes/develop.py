"""The second approach: select a source task, develop a model on it, keep it for reuse and tuning."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from headstart.core.budget import Budget
from headstart.core.development import DevelopRecord
from headstart.core.errors import OutputError
from headstart.core.run import RankedSource
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.develop.contest import develop as contest
from headstart.develop.parts import Parts, divided
from headstart.develop.problem import Problem
from headstart.inspection import Facts, inspect
from headstart.recipes import developed_source, developing, source_story
from headstart.recipes.beginnings import beginnings
from headstart.recipes.develop_settings import DevelopSettings
from headstart.recipes.log import LogWatch
from headstart.recipes.looking import machine
from headstart.recipes.plain_baseline import baseline
from headstart.recipes.reuse import REUSE_FRAC, seen_from
from headstart.recipes.run_folder import MARK, claim
from headstart.recipes.selecting import Selected, selected
from headstart.recipes.storing import open_store
from headstart.recipes.tuning import shortened
from headstart.report import developed_source_card, read_development, write_development
from headstart.report.development import DEVELOPMENT_NAME
from headstart.report.record import RECORD_NAME
from headstart.report.whole_file import write_text
from headstart.sources.threads import torch_threads
from headstart.store.layout import checked_name
from headstart.training.blas import one_blas_thread
from headstart.training.states import MEMORY_BYTES


@dataclass(frozen=True)
class Development:
    """A finished development: its record and its folder; the model itself lies in the store."""

    record: DevelopRecord
    folder: Path

    @property
    def source(self) -> str:
        """The id to reuse it by: ``store:NAME@VERSION``."""
        return f"store:{self.record.object.name}@{self.record.object.version}"


def develop(settings: DevelopSettings, watch: Watch, *, task: Task | None = None) -> Development:
    """Select the source task, develop a model on it, and keep it in the store.

    Raises:
        OptionError, DataError, SourceError, OutputError, StoreError, MachineError: what the user gave, or the
            machine, will not do; found out before the work begins wherever that can be.
        NothingYet: stopped before there was anything to keep; the store is as it was.
    """
    started_s = time.monotonic()
    store = open_store(settings.store)
    checked_name(settings.name)
    developed_source.ready(store)
    chosen = selected(settings, task, watch)  # 1. select the source task
    reading = settings.reading(chosen.task.name)
    folder = claim(reading, settings.name)
    if (folder / DEVELOPMENT_NAME).exists():
        watch.say(f"{folder} holds a finished development; there is nothing to resume")
        return Development(read_development(folder), folder)
    _refuse_run(folder)
    task = chosen.task
    with (
        LogWatch(folder / MARK, watch, began_s=started_s) as log,
        one_blas_thread(),
        torch_threads(settings.threads),
    ):
        parts = divided(task)  # to learn from, to stop by, to score once
        log.stage("checks")
        findings = inspect(Facts(task)).findings
        plain = baseline(task, parts, log, time_limit_s=settings.time_limit_s)  # what can be had without
        clock = _budget(settings, started_s)
        begun = beginnings(task, parts, settings, log, left_s=clock.left_s())  # from nothing, from parents
        developed_source.require_space(store, begun.most_bytes)
        clock = _budget(settings, started_s + begun.shelf.download_s)  # not of the user's time
        problem = _problem(task, parts, settings, clock, log, reuse=chosen.target is not None)
        developed = contest(begun.starts, problem)  # 2. develop
        found = developing.Found(task, parts, begun, developed, plain, findings)
        draft = source_story.source_card(found, settings.name)
        with developed_source.packed(developed, task, draft, folder) as (files, source):
            seen = _seen(chosen, files, found, settings, log)  # 3. reuse
            log.stage("keeping")
            cost = developing.cost(found, clock, log.stages_s)
            card = source_story.object_card(source, found, cost, settings)
            write_text(files / "README.md", developed_source_card(settings.name, card))
            kept = developed_source.keep(store, files, card, settings.name, task, found.parent)
        stopped = developing.why_stopped(log, clock, developed)
        record = developing.record(settings, kept, found, chosen.ranking, seen, cost, stopped)  # 4. tune: how
        log.stage("writing")
        write_development(folder, record, private=settings.private)
    return Development(record, folder)


def _refuse_run(folder: Path) -> None:
    if (folder / RECORD_NAME).exists():
        raise OutputError(
            "the folder holds a run of `headstart fit`",
            where=str(folder),
            expected="a new folder, or a development's",
            remedy="Name another one with --out.",
        )


def _budget(settings: DevelopSettings, started_s: float) -> Budget:
    return Budget(settings.preset, settings.time_limit_s, settings.threads, settings.memory_bytes, started_s)


def _problem(
    task: Task, parts: Parts, settings: DevelopSettings, clock: Budget, watch: Watch, *, reuse: bool
) -> Problem:
    """The task in its parts, with what may be spent on it."""
    later_s = REUSE_FRAC * (clock.time_limit_s or 0.0) if reuse else 0.0
    return Problem(
        task,
        parts,
        deadline=time.monotonic() + shortened(clock, later_s).left_s(),
        memory_bytes=min(clock.memory_bytes or 4 * MEMORY_BYTES, 4 * MEMORY_BYTES) // 4,
        seed=settings.seed,
        device=machine(settings.reading(task.name)).device,
        watch=watch,
    )


def _seen(
    chosen: Selected, files: Path, found: developing.Found, settings: DevelopSettings, watch: Watch
) -> tuple[RankedSource, ...]:
    """What the target, where there is one, sees in the new source."""
    if chosen.target is None or watch.stop_requested:
        return ()
    parent = found.developed.best.start.network if found.parent else None
    return seen_from(chosen.target, files, parent, settings, watch)
