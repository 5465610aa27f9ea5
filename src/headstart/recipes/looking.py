"""The first two rungs, as `fit`, `rank` and `inspect` share them: one pass, then probes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from headstart.core.folds import Folds
from headstart.core.source import Network
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.data import folds as make_folds
from headstart.recipes.settings import FitSettings
from headstart.sources.feature_cache import FeatureCache
from headstart.sources.threads import physical_cores
from headstart.what.first_pass import FirstPass, Machine, first_pass
from headstart.what.look import Look, look

# Below this many rows a repeat of the folds costs next to nothing and steadies the evidence.
FEW_ROWS, MORE_REPEATS, USUAL_REPEATS = 60, 4, 2
USUAL_FOLDS = 5
LOOK_FRAC = (
    0.4  # of the time left: passes come twice where a pilot tries two sizes, and tuning wants the rest
)


@dataclass(frozen=True)
class Looked:
    """The look, and what it cost in passes."""

    look: Look
    passes: FirstPass


def shared_folds(task: Task, settings: FitSettings) -> Folds:
    """The folds that all candidates and controls of a run share."""
    repeats = MORE_REPEATS if len(task) <= FEW_ROWS else USUAL_REPEATS
    count, asked = settings.folds.count or USUAL_FOLDS, settings.folds.repeats
    return make_folds(task, n_folds=count, n_repeats=asked or repeats)


def machine(settings: FitSettings) -> Machine:
    """Where networks run: the device asked for, or the best there is."""
    import torch

    device = settings.device
    if device == "auto":
        has_mps = torch.backends.mps.is_available()
        device = "cuda" if torch.cuda.is_available() else "mps" if has_mps else "cpu"
    return Machine(FeatureCache(), device, settings.threads)


def look_at(
    task: Task,
    networks: Mapping[str, Network],
    folds: Folds,
    settings: FitSettings,
    watch: Watch,
    *,
    left_s: float = math.inf,
) -> Looked:
    """Read every source still in play once, and probe what it read; takes LOOK_FRAC of `left_s` at most."""
    if not networks:
        return Looked(Look((), (), (), (), ()), FirstPass((), (), 0.0))
    passes = first_pass(task, networks, machine(settings), watch, limit_s=LOOK_FRAC * left_s)
    workers = settings.threads or physical_cores()
    found = look(task, passes.readings, folds, watch, stopped=passes.stopped, workers=workers)
    return Looked(found, passes)
