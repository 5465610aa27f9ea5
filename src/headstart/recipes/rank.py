"""Only *what*: the ranking of the sources at hand, with costs."""

from __future__ import annotations

from pydantic import BaseModel

from headstart.core.finding import Finding
from headstart.core.memory import EarlierRun
from headstart.core.run import DepthPoint, RankedSource
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.recipes.looking import look_at, shared_folds
from headstart.recipes.opening import opened
from headstart.recipes.remembering import recall
from headstart.recipes.settings import FitSettings
from headstart.recipes.sources_at_hand import loaded
from headstart.training.blas import one_blas_thread
from headstart.when.controls import controls, kernels


class Ranking(BaseModel):
    """The sources, best first, with score against depth."""

    ranking: tuple[RankedSource, ...]
    depth: tuple[DepthPoint, ...]
    findings: tuple[Finding, ...]
    earlier: tuple[EarlierRun, ...] = ()


def rank(settings: FitSettings, watch: Watch, *, task: Task | None = None) -> Ranking:
    """One look through each source; nothing is tuned, nothing is kept but the feature cache."""
    data = opened(settings, task)
    shelf = loaded(settings, data, watch)
    folds = shared_folds(data.task, settings)
    recalled = recall(settings, data)
    with one_blas_thread():
        plain = kernels(controls(data.task, folds, watch))
        looked = look_at(
            data.task, shelf.networks, folds, settings, watch, plain=plain, earlier=recalled.experience
        )
    return Ranking(
        ranking=looked.look.ranking,
        depth=looked.look.depth,
        findings=(*data.task.notes, *shelf.findings, *recalled.findings),
        earlier=recalled.experience.said,
    )
