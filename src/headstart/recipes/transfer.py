"""The main job, told once: what, when and how to transfer to a task, and the tuned model."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from headstart.core.budget import Budget
from headstart.core.run import RankedSource, RunRecord
from headstart.core.task import Task
from headstart.core.verdict import Verdict
from headstart.core.watch import Watch
from headstart.inspection import inspect
from headstart.recipes import (
    assembling,
    continuing,
    deciding,
    meeting,
    ordering,
    pricing,
    recording,
    repeating,
    retaining,
)
from headstart.recipes.checking import facts, merged
from headstart.recipes.finishing import finish
from headstart.recipes.inheriting import inherited
from headstart.recipes.log import LogWatch
from headstart.recipes.looking import beside_test_s, look_at, shared_folds
from headstart.recipes.mirroring import second_view
from headstart.recipes.remembering import recall
from headstart.recipes.run_folder import MARK, claim, held
from headstart.recipes.settings import FitSettings
from headstart.recipes.sources_at_hand import loaded
from headstart.recipes.storing import open_store
from headstart.recipes.tuning import from_scratch, joined, shortened, test_seconds, tune
from headstart.serve import AdaptedModel
from headstart.training.blas import one_blas_thread
from headstart.what.curves import transfer_curve
from headstart.when.controls import controls, kernels

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Run:
    """A finished run: its record and its folder, with the model in it."""

    record: RunRecord = field(repr=False)
    folder: Path

    def __str__(self) -> str:
        return f"{self.record.headline} ({self.folder})"

    @property
    def verdict(self) -> Verdict:
        """Whether to transfer, and what is known about the gain."""
        return self.record.verdict

    @property
    def ranking(self) -> tuple[RankedSource, ...]:
        """The sources, best first."""
        return self.record.ranking

    def leaderboard(self) -> pd.DataFrame:
        """Candidates and controls as a table, best first."""
        import pandas as pd

        lines = [*self.record.candidates, *self.record.controls]
        columns = ["id", "source", "strategy", "score", "weight", "rung", "cost_s", "status"]
        rows = [[getattr(line, column) for column in columns] for line in lines]
        table = pd.DataFrame(rows, columns=columns)
        return table.sort_values("score", ascending=False, kind="stable", ignore_index=True)

    def report(self, path: str | PathLike[str] | None = None) -> Path:
        """The report's path; copied to `path` where one is given."""
        page = self.folder / "report.html"
        return Path(shutil.copyfile(page, path)) if path is not None else page

    @property
    def model(self) -> AdaptedModel:
        """The model that was handed back."""
        return AdaptedModel.load(self.folder / "model")


def transfer(settings: FitSettings, watch: Watch, *, task: Task | None = None) -> Run:
    """Decide what, when and how to transfer to the data, and adapt the winner."""
    started_s = time.monotonic()
    order = ordering.taken(settings, task)
    settings, asked, recipe, data = order.settings, order.asked, order.recipe, order.data
    task = data.task
    folder = claim(settings, task.name)
    if (done := continuing.finished(folder, settings, data)) is not None:
        watch.say(f"{folder} holds this run, finished; for more time begin another, what was read is kept")
        return Run(done, folder)
    with held(folder), LogWatch(folder / MARK, watch, began_s=started_s) as log, one_blas_thread():
        shelf = loaded(settings, data, log, asked=asked)
        repeating.require_weights(recipe, shelf.networks)
        shelf, pieces = continuing.begin_or_continue(folder, settings, data, shelf, log)
        budget = Budget(
            settings.preset,
            settings.time_limit_s,
            settings.threads,
            settings.memory_bytes,
            started_s + shelf.download_s,  # downloads are not the user's time limit
        )
        folds = shared_folds(task, settings)
        recalled = recall(settings, data)  # what runs on alike tasks found
        n_test = len(data.test) if data.test else 0
        plain = controls(task, folds, log)  # what no transfer can do
        looked = look_at(  # one pass, every tap, probes
            task,
            shelf.networks,
            folds,
            settings,
            log,
            plain=kernels(plain),
            left_s=beside_test_s(budget.left_s(), len(task), n_test),
            earlier=recalled.experience,
            sizes=repeating.sizes(recipe),
        )
        if recipe is None or recipe.mirrors:  # mirrored pictures
            looked = second_view(looked, task, folds, shelf.networks, settings, budget, log)
        log.stage("checks")
        rising = transfer_curve(looked.look, task)  # what more labels would bring
        checked = inspect(facts(data, looked, folds, rising))  # what the data and the look show
        scratch = from_scratch(task, folds, plain, budget, log, pieces=pieces)
        n_timed = n_test + meeting.examples_timed(asked)
        test_s = test_seconds(looked.look, len(task), n_timed, settings.max_networks)
        planned = repeating.planned(recipe, looked.look, task, settings.preset, recalled.experience)
        tuned = tune(  # frozen prefix first
            planned,
            task,
            folds,
            looked.look,
            shelf.networks,
            budget,
            log,
            test_s=test_s + retaining.seconds(data.kept, settings),
            pieces=pieces,
        )
        race, retention = retaining.retained(  # what tuning would cost the source task
            data.kept, joined(scratch, tuned), task, folds, shortened(budget, test_s), log, settings=settings
        )
        within = pricing.limits(  # what a combination may cost
            asked,
            task,
            plain,
            looked.look,
            race,
            shelf.networks,
            max_networks=settings.max_networks,
        )
        probed = repeating.probed(recipe, looked.look)
        decision = deciding.decide(
            task, folds, plain, looked.look, race, rising, log, limits=within, probed=probed
        )
        own = inherited(  # what sources developed here brought
            task, folds, plain, looked.look, race, decision, open_store(settings.store), limits=within
        )
        log.stage("assembling")
        model = assembling.model(task, decision, plain, looked.look, race, shelf.networks)
        tested = deciding.test_score(model, data.test, log)  # touched once, at the end
        record = recording.record(
            settings=settings,
            data=data,
            findings=merged(shelf.findings, checked.findings, recalled.findings),
            looked=looked,
            plain=plain,
            race=race,
            decision=decision,
            tested=tested,
            retention=retention,
            inherited=own,
            budget=budget,
            shelf=shelf,
            log=log,
            recalled=recalled,
            parents=(recipe.sha256,) if recipe else (),
        )
        log.stage("writing")
        evidence = recording.all_evidence(plain, looked, race)
        record = finish(folder, model, record, evidence, decision, task, folds, settings, asked)
    return Run(record, folder)
