"""Rungs 3 and 4: race the planned candidates on the look's folds, under what is left of the budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from headstart.core.budget import Budget
from headstart.core.folds import Folds
from headstart.core.source import Network
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.how.context import Context
from headstart.how.race import Race, race
from headstart.recipes.settings import FitSettings
from headstart.what.look import Look
from headstart.what.plan import plan

if TYPE_CHECKING:
    import torch

# Of the time limit, kept for judging, testing and writing the report.
RESERVE_FRAC, RESERVE_S = 0.08, 4.0


def tune(
    task: Task,
    folds: Folds,
    look: Look,
    networks: Mapping[str, Network],
    settings: FitSettings,
    budget: Budget,
    watch: Watch,
) -> Race:
    """Adapt what the look suggests; an empty race where nothing is worth it or nothing can be tuned."""
    planned = plan(look, task, settings.preset)
    if not planned or watch.stop_requested:
        return Race((), {})
    context = Context(
        task=task,
        folds=folds,
        open_network=networks.__getitem__,
        reference=references(look),
        budget=shortened(budget),
        seed=task.seed,
        watch=watch,
        prefix_dtype=precisions(look),
    )
    return race(planned, context)


def references(look: Look) -> dict[str, Any]:
    """Source id -> out-of-fold predictions of its best probe."""
    best = {}
    for probe in sorted(look.probes, key=lambda probe: probe.merit):
        best[probe.reading.card.id] = probe.evidence.predictions
    return best


def precisions(look: Look) -> Any:
    """A function: network -> the number format that the timed probe chose for it."""
    import torch

    names = {reading.card.id: reading.precision for reading in look.readings}

    def of(network: Network) -> torch.dtype:
        fast = names.get(network.card.id, "").startswith("bfloat16")
        return torch.bfloat16 if fast else torch.float32

    return of


def shortened(budget: Budget) -> Budget:
    """The budget less what judging and reporting will need."""
    from dataclasses import replace

    if budget.time_limit_s is None:
        return budget
    return replace(budget, time_limit_s=budget.time_limit_s * (1 - RESERVE_FRAC) - RESERVE_S)
