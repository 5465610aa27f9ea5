"""The second approach: select a source task, develop a model on it, keep it for reuse and tuning."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace

from headstart.core.budget import Budget
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.develop.contest import develop as contest
from headstart.develop.parts import Parts, divided
from headstart.develop.problem import Problem
from headstart.inspection import Facts, inspect
from headstart.recipes import (
    admitting,
    developed_source,
    developing,
    meeting_source,
    source_story,
    specifying,
)
from headstart.recipes.beginnings import beginnings
from headstart.recipes.develop_settings import DevelopSettings
from headstart.recipes.development import (
    ATTEMPTS,
    Development,
    at_work,
    budget,
    claimed,
    deadline,
    finished,
    seen,
)
from headstart.recipes.looking import machine
from headstart.recipes.plain_baseline import baseline
from headstart.recipes.selecting import selected
from headstart.recipes.storing import open_store
from headstart.recipes.unlabelled import develop_unlabelled
from headstart.report import developed_source_card, write_development
from headstart.report.whole_file import write_text
from headstart.store import Parent
from headstart.store.layout import checked_name
from headstart.training.states import MEMORY_BYTES


def develop(settings: DevelopSettings, watch: Watch, *, task: Task | None = None) -> Development:
    """Select the source task, develop a model on it, and keep it in the store.

    Raises:
        OptionError, DataError, SourceError, OutputError, StoreError, MachineError: what the user gave, or the
            machine, will not do; found out before the work begins wherever that can be.
        NothingYet: stopped before there was anything to keep; the store is as it was.
    """
    started_s = time.monotonic()
    asked = specifying.read(settings.spec) if settings.spec else None
    settings = specifying.applied(settings, asked)
    store = open_store(settings.store)
    checked_name(settings.name)
    developed_source.ready(store)
    if task is not None and asked is not None and asked.metric is not None:
        task = replace(task, metric=asked.metric)
    if settings.unlabelled:
        return develop_unlabelled(settings, asked, store, watch, task.inputs if task else None, started_s)
    chosen = selected(settings, task, watch)  # 1. select the source task
    task = chosen.task
    admitting.require_classes(asked, task, settings.spec or "")
    folder = claimed(settings, task.name)
    if (made := finished(folder, watch)) is not None:
        return made
    with at_work(folder, settings, watch, started_s) as log:
        parts = divided(task)  # to learn from, to stop by, to score once
        log.stage("checks")
        findings = inspect(Facts(task)).findings
        plain = baseline(task, parts, log, time_limit_s=settings.time_limit_s)  # what can be had without
        left_s = budget(settings, started_s).left_s()
        begun = beginnings(
            task, parts, settings, log, asked=asked, left_s=left_s
        )  # from nothing, from parents
        developed_source.require_space(store, begun.most_bytes)
        clock = budget(settings, started_s + begun.shelf.download_s)  # not of the user's time
        problem = _problem(task, parts, settings, clock, log, chosen.target)
        problem = replace(problem, checkpoints=folder / ATTEMPTS)  # a kill loses some seconds of them
        developed = contest(begun.starts, problem)  # 2. develop
        found = developing.Found(task, parts, begun, developed, plain, findings)
        draft = source_story.source_card(found, settings.name)
        network, moved = developed.best.start.network, developed.tensors
        with developed_source.packed(network, moved, task.inputs, draft, folder, head=developed.head) as (
            files,
            source,
        ):
            reuse = seen(chosen.target, files, network if found.parent else None, settings, log)  # 3. reuse
            log.stage("keeping")
            lines = meeting_source.lines(asked, found, files)
            cost = developing.cost(found, clock, log.stages_s)
            card = source_story.object_card(source, found, cost, settings)
            write_text(files / "README.md", developed_source_card(settings.name, card))
            data = Parent(task.fingerprint, f"data {task.name}")
            kept = developed_source.keep(store, files, card, settings.name, data, found.parent)
        stopped = developing.why_stopped(log, found)
        record = developing.record(
            settings, kept, found, chosen.ranking, reuse, lines, cost, stopped
        )  # 4. tune: how
        log.stage("writing")
        write_development(folder, record, private=settings.private)
        shutil.rmtree(folder / ATTEMPTS, ignore_errors=True)
    return Development(record, folder)


def _problem(
    task: Task, parts: Parts, settings: DevelopSettings, clock: Budget, watch: Watch, target: Task | None
) -> Problem:
    """The task in its parts, with what may be spent on it."""
    return Problem(
        task,
        parts,
        deadline=deadline(clock, target),
        memory_bytes=min(clock.memory_bytes or 4 * MEMORY_BYTES, 4 * MEMORY_BYTES) // 4,
        seed=settings.seed,
        device=machine(settings.reading(task.name)).device,
        watch=watch,
    )
