"""The first two rungs, as `fit`, `rank` and `inspect` share them: one pass, then probes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import MachineError
from headstart.core.folds import Folds
from headstart.core.source import Network
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.data import folds as make_folds
from headstart.recipes.settings import FitSettings
from headstart.sources.feature_cache import FeatureCache
from headstart.sources.threads import physical_cores
from headstart.sources.trained import looks_untrained
from headstart.what.affordable import Machine, not_read
from headstart.what.experience import NOTHING, Experience
from headstart.what.first_pass import FirstPass, first_pass
from headstart.what.input_sizes import Sizes, sizes_to_try
from headstart.what.look import Look, look
from headstart.what.soundness import Sight, Sighted, sight, standings

# Below this many rows a repeat of the folds costs next to nothing and steadies the evidence.
FEW_ROWS, MORE_REPEATS, USUAL_REPEATS = 60, 4, 2
USUAL_FOLDS = 5
UNTRAINED = "its weights look like random numbers, as if they had never been trained or not been loaded"
# Of the time left: passes come twice where a pilot tries two sizes, and tuning wants the rest.
LOOK_FRAC = 0.4
LOOK_AND_TEST_FRAC = 0.75


@dataclass(frozen=True)
class Looked:
    """The look, what it cost in passes, the sources left out as useless with the reason, what each sees."""

    look: Look
    passes: FirstPass
    left_out: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, Sighted] = field(default_factory=dict)


def shared_folds(task: Task, settings: FitSettings) -> Folds:
    """The folds that all candidates and controls of a run share."""
    repeats = MORE_REPEATS if len(task) <= FEW_ROWS else USUAL_REPEATS
    count, asked = settings.folds.count or USUAL_FOLDS, settings.folds.repeats
    return make_folds(task, n_folds=count, n_repeats=asked or repeats)


def machine(settings: FitSettings) -> Machine:
    """Where networks run: the device asked for, or the best there is.

    Raises:
        MachineError: the device asked for is not there.
    """
    import torch

    has = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    device = settings.device if settings.device != "auto" else next(name for name in has if has[name])
    if not has[device]:
        raise MachineError(
            f"there is no {device} device here that torch can use",
            where=f"--device {device}",
            expected=f"one of auto, {', '.join(name for name in has if has[name])}",
            remedy="Leave --device out; `headstart doctor` says what this machine has.",
        )
    return Machine(FeatureCache(), device, settings.threads)


def beside_test_s(left_s: float, n_train: int, n_test: int) -> float:
    """Of `left_s` seconds, those that the look may count on when test data will be read afterwards.

    Look and test together may take LOOK_AND_TEST_FRAC; the test costs half a look for as many examples.

    >>> beside_test_s(100.0, 200, 0), round(beside_test_s(100.0, 200, 800))
    (100.0, 62)
    """
    together = LOOK_AND_TEST_FRAC / (1.0 + 0.5 * n_test / max(n_train, 1))
    return left_s * min(1.0, together / LOOK_FRAC)


def look_at(
    task: Task,
    networks: Mapping[str, Network],
    folds: Folds,
    settings: FitSettings,
    watch: Watch,
    *,
    plain: Sequence[NDArray[np.float64]] = (),
    left_s: float = math.inf,
    earlier: Experience = NOTHING,
    sizes: Sizes = sizes_to_try,
) -> Looked:
    """Read every source still in play once, and probe what it read; takes LOOK_FRAC of `left_s` at most.

    `plain` are the Gram matrices of the controls, `sizes` names the input sizes to try. Sources that were
    never trained, or whose features have nothing to do with what the examples look like in plain terms, are
    left out before a label speaks. What `earlier` runs on alike tasks found decides who is read first, and
    how much is expected of each.
    """
    raw = {name: UNTRAINED for name, network in networks.items() if is_raw(network)}
    cards = [network.card for name, network in networks.items() if name not in raw]
    in_play = {name: networks[name] for name in earlier.order(cards)}
    passes = FirstPass((), (), 0.0)
    if in_play:
        limit_s = LOOK_FRAC * left_s
        passes = first_pass(
            task, in_play, machine(settings), watch, limit_s=limit_s, earlier=earlier, sizes=sizes
        )
    seen = sight(passes.readings, plain)
    blind = {name: said(one) for name, one in seen.items() if one.sight is Sight.BLIND}
    left_out = raw | blind
    readings = [reading for reading in passes.readings if reading.card.id not in blind]
    refused = [not_read(networks[name].card, 0, f"left out: {why}") for name, why in left_out.items()]
    found = look(
        task,
        readings,
        folds,
        watch,
        stopped=(*passes.stopped, *refused),
        standing=standings(readings, seen, earlier),
        workers=settings.threads or physical_cores(),
        earlier=earlier,
    )
    return Looked(found, passes, left_out, seen)


def is_raw(network: Network) -> bool:
    """Whether it looks untrained; not asked of those that were measured, or made here."""
    card = network.card
    return card.standing is None and not card.parents and looks_untrained(network.module)


def said(one: Sighted) -> str:
    """Why a blind source is left out, in words."""
    return (
        f"its features have nothing to do with what the examples contain (aligned with plain features by "
        f"{one.aligned:.2f}; chance alone gives 0 +- {one.error:.2f})"
    )
