"""Only the checks: what is wrong with the data, where, and what to do."""

from __future__ import annotations

from pydantic import BaseModel

from headstart.core.finding import Finding, NotApplicable
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.inspection import inspect
from headstart.recipes.checking import facts, merged
from headstart.recipes.looking import look_at, shared_folds
from headstart.recipes.opening import opened
from headstart.recipes.settings import FitSettings
from headstart.recipes.sources_at_hand import loaded
from headstart.training.blas import one_blas_thread
from headstart.what.curves import transfer_curve
from headstart.when.controls import controls, kernels


class Inspection(BaseModel):
    """Findings, the gravest first, and the checks that could not speak."""

    findings: tuple[Finding, ...]
    not_applicable: tuple[NotApplicable, ...]


def inspect_data(settings: FitSettings, watch: Watch, *, task: Task | None = None) -> Inspection:
    """Check the data, with what one look through the sources shows."""
    data = opened(settings, task)
    shelf = loaded(settings, data, watch)
    folds = shared_folds(data.task, settings)
    with one_blas_thread():
        plain = kernels(controls(data.task, folds, watch))
        looked = look_at(data.task, shelf.networks, folds, settings, watch, plain=plain)
        rising = transfer_curve(looked.look, data.task)
    checked = inspect(facts(data, looked, folds, rising))
    return Inspection(
        findings=merged(shelf.findings, checked.findings), not_applicable=checked.not_applicable
    )
