"""The second approach: select a source task, develop a model on it, keep it for reuse and tuning."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from headstart.core.budget import Budget
from headstart.core.development import DevelopRecord
from headstart.core.errors import OutputError
from headstart.core.run import Cost
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.data import select
from headstart.develop.contest import develop as contest
from headstart.develop.parts import divided
from headstart.develop.problem import Problem
from headstart.inspection import Facts, inspect
from headstart.recipes import developed_source, developing
from headstart.recipes.beginnings import beginnings
from headstart.recipes.checking import merged
from headstart.recipes.deciding import score_on
from headstart.recipes.develop_settings import DevelopSettings
from headstart.recipes.log import LogWatch
from headstart.recipes.looking import machine
from headstart.recipes.plain_baseline import baseline
from headstart.recipes.recording import peak_rss_bytes, task_record
from headstart.recipes.run_folder import MARK, claim
from headstart.recipes.selecting import selected
from headstart.recipes.storing import open_store
from headstart.recipes.tuning import shortened
from headstart.report import developed_source_card, read_development, write_development
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
    """Select the source task, develop a model on it, and keep it in the store."""
    started_s = time.monotonic()
    name = checked_name(settings.name)
    store = open_store(settings.store)
    developed_source.ready(store)
    chosen = selected(settings, task, watch)
    task = chosen.task
    reading = settings.reading(task.name)
    folder = claim(reading, name)
    if (folder / "develop.json").exists():
        watch.say(f"{folder} holds a finished development; there is nothing to resume")
        return Development(read_development(folder), folder)
    if (folder / "run.json").exists():
        raise OutputError(
            "the folder is a run's of `headstart fit`", where=str(folder), expected="another one"
        )
    with (
        LogWatch(folder / MARK, watch, began_s=started_s) as log,
        one_blas_thread(),
        torch_threads(settings.threads),
    ):
        parts = divided(task)
        log.stage("checks")
        findings = inspect(Facts(task)).findings
        plain = baseline(task, parts, log)
        budget = Budget(settings.preset, settings.time_limit_s, settings.threads, None, started_s)
        begun = beginnings(task, parts, settings, log, left_s=budget.left_s())
        budget = Budget(
            settings.preset, settings.time_limit_s, settings.threads, None, started_s + begun.shelf.download_s
        )
        developed_source.require_space(store, max(4 * s.network.card.parameters for s in begun.starts))
        problem = Problem(
            task,
            parts,
            deadline=time.monotonic() + shortened(budget, 0.0).left_s(),
            memory_bytes=(settings.memory_bytes or 4 * MEMORY_BYTES) // 4,
            seed=settings.seed,
            device=machine(reading).device,
            watch=log,
        )
        developed = contest(begun.starts, problem)
        best = developed.best
        test = select(best.problem.task, best.problem.parts.test)
        scored = developing.held_out(score_on(test, developed.answers), task, len(test))
        log.stage("keeping")
        parent = best.start.network.card if best.start.parent else None
        told, used = task_record(task), developing.rows(developed, parts)
        how = developing.choice(developed, begun, task)
        made = developing.lineage(task, settings, parent)
        cost = Cost(
            wall_s=budget.spent_s(),
            forward_pass_s=begun.forward_s,
            peak_rss_bytes=peak_rss_bytes(),
            examples_per_s=0.0,
            download_s=begun.shelf.download_s,
            stages_s=log.stages_s,
        )
        draft = developing.source_card(developed, task, name)
        with developed_source.packed(developed, task, draft, folder) as (files, source):
            card = developing.object_card(source, told, how, scored, plain, used, cost, made)
            write_text(files / "README.md", developed_source_card(name, card))
            kept = developed_source.keep(store, files, card, name, task, parent)
        record = developing.record(
            settings=settings,
            kept=kept,
            task=told,
            selection=chosen.ranking,
            chosen=how,
            used=used,
            developed=developed,
            scored=scored,
            plain=plain,
            findings=merged(begun.findings, findings),
            begun=begun,
            cost=cost,
            made=made,
            stopped="interrupt" if log.stop_requested else "budget" if budget.left_s() < 0 else None,
            seen={
                "confusion": developing.confusion(developed, task),
                "predicted": developing.predicted(developed, task),
            },
        )
        log.stage("writing")
        write_development(folder, record, private=settings.private)
    return Development(record, folder)
