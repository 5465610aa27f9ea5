"""A second view of the pictures: the best sources read them mirrored too, and are probed on both.

With up to 20 labels a class, probes that are fitted on pictures and their mirror images gain .6 points alone
and .3 in the combination, with 50 nothing and .1 (docs/what.md). So only where labels are few, and only the
sources at the front, are read again, and together they may cost a fifth of a look.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from headstart.core.folds import Folds
from headstart.core.kinds import Modality
from headstart.core.run import RankedSource
from headstart.core.source import Network
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.sources.extract import extract_all
from headstart.sources.precision import choose
from headstart.sources.reading import Reading as Pass
from headstart.what.affordable import Machine
from headstart.what.look import Look
from headstart.what.probes import Looked
from headstart.what.probes.mirrored import multi_tap_mirrored
from headstart.what.reading import Reading

MOST_FRAC = 0.2  # of the seconds of all whole passes
MOST_PER_CLASS = 30  # labels; between 20, where it pays, and 50, where it does not
MOST_ROWS = 600  # then a probe on both views takes 1.7 s on one core; at 1,000 it is 7, as long as the pass


@dataclass(frozen=True)
class Mirrored:
    """A look with the probes on mirrored pictures, and the seconds that their passes took."""

    look: Look
    forward_s: float = 0.0


def mirrored(
    look: Look,
    task: Task,
    folds: Folds,
    networks: Mapping[str, Network],
    machine: Machine,
    watch: Watch,
    *,
    limit_s: float = math.inf,
) -> Mirrored:
    """Add probes on mirrored views of the best sources, as far as their passes fit into `limit_s`.

    The look comes back as it was where nothing fits, where the task is not apt, and where the user stops.
    The ranking stays that of the plain views, which all sources were read in; it tells the seconds of both.
    """
    again = worth_a_second_view(look, min(limit_s, MOST_FRAC * sum(r.forward_s for r in look.readings)))
    if not again or not is_apt(task) or watch.stop_requested:
        return Mirrored(look)
    watch.stage("mirrored", len(task))
    started_s = time.perf_counter()
    passes = [as_mirrored(reading, networks[reading.card.id], machine) for reading in again]
    views = extract_all(passes, task.inputs, cache=machine.cache, threads=machine.threads, watch=watch)
    forward_s = time.perf_counter() - started_s
    if watch.stop_requested:  # what was not read is zero
        return Mirrored(look, forward_s)
    probes = [
        probe
        for reading, view in zip(again, views, strict=True)
        for probe in multi_tap_mirrored(Looked(reading, task, folds, mirrored=view))
    ]
    ranking = with_cost(look.ranking, again)
    return Mirrored(replace(look, probes=(*look.probes, *probes), ranking=ranking), forward_s)


def is_apt(task: Task) -> bool:
    """Whether inputs are pictures, with few labels."""
    per_class = len(task) / max(len(task.classes), 2)
    return task.modality is Modality.IMAGE and len(task) <= MOST_ROWS and per_class <= MOST_PER_CLASS


def worth_a_second_view(look: Look, limit_s: float) -> list[Reading]:
    """The readings of the best sources, in the order of the ranking, as many as fit into `limit_s`."""
    readings = {reading.card.id: reading for reading in look.readings if len(reading.taps) > 1}
    chosen, spent_s = list[Reading](), 0.0
    for line in look.ranking:
        reading = readings.get(line.source)
        if reading is not None and spent_s + reading.forward_s <= limit_s:
            chosen.append(reading)
            spent_s += reading.forward_s
    return chosen


def as_mirrored(reading: Reading, network: Network, machine: Machine) -> Pass:
    """The pass that reads the mirrored pictures as `reading` read the plain ones."""
    precision = choose(network, reading.size, device=machine.device, threads=machine.threads)
    return Pass(network, reading.size, flip=True, precision=precision)


def with_cost(ranking: Sequence[RankedSource], again: Sequence[Reading]) -> tuple[RankedSource, ...]:
    """The ranking, with the second pass among the seconds of the sources that had one."""
    second_s = {reading.card.id: reading.forward_s for reading in again}
    return tuple(
        line.model_copy(update={"cost_s": line.cost_s + second_s.get(line.source, 0.0)}) for line in ranking
    )
