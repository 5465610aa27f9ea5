"""Whether a run reads mirrored pictures too: in time, and not where the user wants to be fast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from headstart.core.budget import Budget
from headstart.core.folds import Folds
from headstart.core.kinds import Preset
from headstart.core.source import Network
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.recipes.looking import LOOK_FRAC, Looked, machine
from headstart.recipes.settings import FitSettings
from headstart.what.mirroring import mirrored


def second_view(
    looked: Looked,
    task: Task,
    folds: Folds,
    networks: Mapping[str, Network],
    settings: FitSettings,
    budget: Budget,
    watch: Watch,
) -> Looked:
    """The look with probes on mirrored pictures of the best sources, within the look's share of the time."""
    if settings.preset is Preset.FAST:
        return looked
    spent_s = looked.passes.forward_s
    limit_s = LOOK_FRAC * (budget.left_s() + spent_s) - spent_s
    found = mirrored(looked.look, task, folds, networks, machine(settings), watch, limit_s=limit_s)
    passes = replace(looked.passes, forward_s=spent_s + found.forward_s)
    return replace(looked, look=found.look, passes=passes)
