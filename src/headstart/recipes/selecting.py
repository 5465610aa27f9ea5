"""*Select the source task*: which of the data sets given to develop on, for the target that matters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from headstart.core.errors import OptionError
from headstart.core.kinds import Modality
from headstart.core.ranked_task import RankedTask
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.develop.offered import Features, OfferedTask
from headstart.develop.selecting import rank_source_tasks
from headstart.recipes.develop_settings import DevelopSettings
from headstart.recipes.looking import machine
from headstart.recipes.opening import opened
from headstart.sources import at_hand
from headstart.sources.extract import extract
from headstart.sources.precision import choose

SIDE = 96  # pixels at which tasks are looked at: a fifth of the price of 224, and enough to tell them apart


@dataclass(frozen=True)
class Selected:
    """The task to develop on, the ranking that led to it, and the target it is for; empty without one."""

    task: Task
    ranking: tuple[RankedTask, ...] = ()
    target: Task | None = None


def selected(settings: DevelopSettings, task: Task | None, watch: Watch) -> Selected:
    """Open the data, and pick one of several by what each promises to the target (`task`: data as arrays).

    Raises:
        OptionError: several data sets, and no target to choose by.
    """
    require_target(settings)
    watch.stage("reading", len(settings.data))
    target = opened(settings.reading(settings.target)).task if settings.target else None
    if task is not None:
        return Selected(task, target=target)
    tasks = {}
    for path in settings.data:
        tasks[path] = opened(settings.reading(path)).task
        watch.advance()
    if target is None:
        return Selected(tasks[settings.data[0]])
    offered = [OfferedTask(path, one) for path, one in tasks.items()]
    ranking = rank_source_tasks(target, offered, reader(target.modality, settings), watch=watch)
    return Selected(tasks[ranking[0].name], ranking, target)


def require_target(settings: DevelopSettings) -> None:
    """Several data sets need something to choose by.

    Raises:
        OptionError: there is no target.
    """
    if len(settings.data) > 1 and settings.target is None:
        raise OptionError(
            f"{len(settings.data)} data sets to develop on, and no target to choose by",
            expected="--target DATA, the few labelled examples that matter",
            remedy="With it they are ranked by what each promises to the target. Or name one of them.",
        )


def reader(modality: Modality, settings: DevelopSettings) -> Callable[[Task], Features]:
    """Reads tasks through the smallest network at hand."""
    sources = at_hand(modality, licence=settings.licence)
    source = min((s for s in sources if s.card.tunable), key=lambda source: source.card.parameters)
    source.fetch(offline=settings.offline)
    network, where = source.load(), machine(settings.reading(settings.data[0]))
    sides = source.card.input_sizes
    size = min(sides, key=lambda side: abs(side - SIDE)) if modality is Modality.IMAGE else sides[0]
    precision = choose(network, size, device=where.device, threads=where.threads)

    def read(task: Task) -> Features:
        found = extract(
            network,
            task.inputs,
            size=size,
            cache=where.cache,
            precision=precision,
            threads=where.threads,
        )
        return [np.asarray(values) for values in found.values()]

    return read
