"""The ways to begin a development: from nothing, and from the parents named or picked by a first look."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from headstart.core.errors import MachineError, OptionError
from headstart.core.finding import Finding
from headstart.core.kinds import Kind, Modality
from headstart.core.run import RankedSource
from headstart.core.seeds import derive
from headstart.core.source import Network
from headstart.core.specification import Specification
from headstart.core.task import Task
from headstart.core.thinning import evenly
from headstart.core.watch import Watch
from headstart.data import select
from headstart.develop.parts import Parts
from headstart.develop.start import SCRATCH, Start, continued, from_scratch, on_pairs
from headstart.recipes.develop_settings import DevelopSettings
from headstart.recipes.fitting_starts import within
from headstart.recipes.looking import LOOK_FRAC, look_at, shared_folds
from headstart.recipes.opening import Opened
from headstart.recipes.settings import FitSettings
from headstart.recipes.sources_at_hand import Shelf, loaded
from headstart.recipes.until import Until
from headstart.sources import at_hand
from headstart.sources.scratch import scratch_network
from headstart.training.loop import refuse_untunable
from headstart.what.look import Look
from headstart.what.plan import LEAST_PER_CLASS, plan

LOOK_ROWS = 256  # enough to see which parent is ahead; more where there are many classes
FIRST_LOOK_FRAC = 0.15  # of the time left, at most, to pick a parent
LENIENCE = 2.0  # times that share; a busy machine that is slower still goes on without a look


@dataclass(frozen=True)
class Beginnings:
    """The starts, the sources that were looked at for them, and what it took."""

    starts: tuple[Start, ...]
    shelf: Shelf
    looked: tuple[RankedSource, ...] = ()
    findings: tuple[Finding, ...] = ()
    forward_s: float = 0.0

    @property
    def most_bytes(self) -> int:
        """What the weights of the largest network take."""
        return max(4 * start.network.card.parameters for start in self.starts)


def beginnings(
    task: Task,
    parts: Parts,
    settings: DevelopSettings,
    watch: Watch,
    *,
    asked: Specification | None = None,
    left_s: float,
) -> Beginnings:
    """Bring the networks here and say which of them to begin with; only rows to learn from are looked at.

    What the specification `asked` for does not allow is left out.

    Raises:
        SourceError: a named parent is unknown, of another modality or licence, or cannot be tuned.
        OptionError: from nothing, where there is no such network for the kind of data.
        MachineError: no parent could be had, and there is nothing to begin with.
    """
    is_image = task.modality is Modality.IMAGE
    require_network(task.modality, settings)
    shelf = Shelf({}, (), 0.0)
    if settings.parents or settings.may_look:
        shelf = loaded(to_load(task, settings), Opened(task), watch, asked=asked)
    begun = Beginnings((), shelf)
    behind: tuple[Finding, ...] = ()
    if settings.parents:
        for network in shelf.networks.values():
            refuse_untunable(network)
        begun = Beginnings(tuple(_from_parent(n, task, settings) for n in shelf.networks.values()), shelf)
    elif settings.may_look and shelf.networks:
        able = [network for network in shelf.networks.values() if network.card.tunable]
        allowed, behind = within([_from_parent(n, task, settings) for n in able], asked, task.inputs)
        shelf = replace(shelf, networks={start.id: start.network for start in allowed})
        begun = _picked(task, parts, shelf, settings, watch, left_s)
    starts = begun.starts
    if learns_on_pairs(task):
        starts = (*starts, *(on_pairs(start) for start in starts))
    if is_image and settings.may_begin_from_nothing:
        seed = derive(settings.seed, "develop", "scratch") % 2**16  # each has a place in the cache
        starts = (*starts, from_scratch(scratch_network(seed), settings.preset))
    starts, left = within(starts, asked, task.inputs)
    findings = (*shelf.findings, *behind, *begun.findings, *left)
    if not starts:
        raise MachineError(
            "no source to begin with could be had",
            expected=f"a tunable source for {task.modality.value}s",
            remedy="`headstart fetch` brings the starter sources, where there is a network.",
        )
    return Beginnings(starts, shelf, begun.looked, findings, begun.forward_s)


def require_network(modality: Modality, settings: DevelopSettings) -> None:
    """From nothing is asked only of a kind of data that there is such a network for.

    Raises:
        OptionError: texts, from nothing.
    """
    if SCRATCH in settings.parent and modality is not Modality.IMAGE:
        raise OptionError(
            f"--parent {SCRATCH} is for images; texts are developed from an encoder",
            remedy="Leave --parent out, or name a source of texts.",
        )


def learns_on_pairs(task: Task) -> bool:
    """Whether learning on pairs is tried beside learning the labels: for classes of texts, as `fit` does."""
    return task.modality is Modality.TEXT and task.kind is Kind.CLASSIFICATION


def look_rows(task: Task) -> int:
    """How many rows are looked at to pick a parent."""
    return max(LOOK_ROWS, 2 * LEAST_PER_CLASS * len(task.classes))


def to_load(task: Task, settings: DevelopSettings) -> FitSettings:
    """What is brought here: the parents that were named, or all at hand that can be tuned."""
    reading = settings.reading(task.name)
    if settings.parents:
        return reading
    fixed = [s.card.id for s in at_hand(task.modality, licence="any") if not s.card.tunable]
    return reading.model_copy(update={"exclude": (*reading.exclude, *fixed)})


def _from_parent(network: Network, task: Task, settings: DevelopSettings) -> Start:
    return continued(network, task.inputs, settings.preset)


def _picked(
    task: Task, parts: Parts, shelf: Shelf, settings: DevelopSettings, watch: Watch, left_s: float
) -> Beginnings:
    """The parent that the plan of `fit` would tune first, by a look on some of the rows to learn from."""
    few = select(task, parts.learn[evenly(len(parts.learn), look_rows(task))])
    reading = settings.reading(task.name)
    looked = look_at(
        few,
        shelf.networks,
        shared_folds(few, reading),
        reading,
        Until(watch, time.monotonic() + LENIENCE * FIRST_LOOK_FRAC * left_s),
        left_s=left_s * FIRST_LOOK_FRAC / LOOK_FRAC,
    )
    best = _to_tune(looked.look, few, settings, shelf.networks)
    starts = (_from_parent(best, task, settings),) if best is not None else ()
    return Beginnings(starts, shelf, looked.look.ranking, (), looked.passes.forward_s)


def _to_tune(
    look: Look, task: Task, settings: DevelopSettings, networks: Mapping[str, Network]
) -> Network | None:
    planned = plan(look, task, settings.preset)
    if planned:
        return networks[str(planned[0].source)]
    able = [network for network in networks.values() if network.card.tunable]
    if not look.readings:  # no time to look: the cheapest
        return min(able, key=lambda network: network.card.parameters, default=None)
    ranked = [networks[line.source] for line in look.ranking if line.rank]
    return next((network for network in ranked if network in able), None)
