"""Only the checks: what is wrong with the data, where, and what to do."""

from __future__ import annotations

from pydantic import BaseModel

from headstart.core.finding import Finding, NotApplicable
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.inspection import inspect
from headstart.recipes.checking import facts_after, facts_before, merged
from headstart.recipes.looking import look_at, shared_folds
from headstart.recipes.opening import opened
from headstart.recipes.settings import FitSettings
from headstart.recipes.sources_at_hand import loaded
from headstart.training.blas import one_blas_thread


class Inspection(BaseModel):
    """Findings, the gravest first, and the checks that could not speak."""

    findings: tuple[Finding, ...]
    not_applicable: tuple[NotApplicable, ...]


def inspect_data(settings: FitSettings, watch: Watch, *, task: Task | None = None) -> Inspection:
    """Check the data alone, then with what one look through the sources shows."""
    data = opened(settings, task)
    before = inspect(facts_before(data))
    shelf = loaded(settings, data.task.modality, watch)
    folds = shared_folds(data.task, settings)
    with one_blas_thread():
        look = look_at(data.task, shelf.networks, folds, settings, watch).look
    after = inspect(facts_after(data, look, folds))
    findings = merged(shelf.findings, before.findings, after.findings)
    spoken = {finding.code for finding in findings}
    silent = {n.code: n for n in (*before.not_applicable, *after.not_applicable) if n.code not in spoken}
    return Inspection(findings=findings, not_applicable=tuple(silent.values()))
