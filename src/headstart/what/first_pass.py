"""Read the examples through the sources: a pilot chooses input sizes and stops who is behind, then the rest.

The pilot is a part of the rows, so that a source that is clearly behind costs a fraction of a look, and
a smaller input is tried where it may do. What the pilot read is in the feature cache for the second part.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.kinds import Kind, Modality
from headstart.core.run import RankedSource
from headstart.core.shortfall import Shortfall
from headstart.core.source import Network
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.data import folds as make_folds
from headstart.data import inputs_from, select
from headstart.sources.extract import extract, extract_all
from headstart.sources.reading import Reading as Pass
from headstart.training.kernel_ridge import mean_gram
from headstart.training.probe import fit_kernel
from headstart.what.affordable import Machine, affordable, costs_s, not_read, timed
from headstart.what.experience import NOTHING, Experience
from headstart.what.input_sizes import Sizes, sizes_to_try
from headstart.what.probes.names import are_words
from headstart.what.reading import Reading

PILOT_ROWS = 128  # enough to see a gap of .1 nats at two standard errors
PILOT_FROM = 200  # below it the pilot is the whole look
BEHIND_Z = 2.0  # standard errors behind the best; at least KEPT sources stay whatever the pilot says
KEPT = 3
SMALLER_Z = 0.5  # a smaller input is taken unless it is this many standard errors behind


@dataclass(frozen=True)
class FirstPass:
    """Readings of the sources still in play, those that were stopped, seconds in all passes.

    `left_out` are the sources that the time limit alone kept from being read.
    """

    readings: tuple[Reading, ...]
    stopped: tuple[RankedSource, ...]
    forward_s: float
    left_out: tuple[Shortfall, ...] = ()


def first_pass(
    task: Task,
    networks: Mapping[str, Network],
    machine: Machine,
    watch: Watch,
    *,
    limit_s: float = math.inf,
    earlier: Experience = NOTHING,
    sizes: Sizes = sizes_to_try,
) -> FirstPass:
    """Choose among `sizes` and sources on a pilot, then read all rows through those.

    Sources whose passes would not fit into `limit_s` by a timed probe are not begun. Where `earlier` runs
    on alike tasks agree on an input size, no other is tried.
    """
    started_s = time.perf_counter()
    tried = {
        name: earlier.sizes(network.card.id, sizes(network.card, task.inputs))
        for name, network in networks.items()
    }
    planned, untimed, unknown = timed(networks, tried, machine, watch, limit_s)
    rows = pilot_rows(task)
    passes, too_dear, unpaid = affordable(
        planned, task.inputs, machine, limit_s, earlier, pilot_frac=len(rows) / len(task)
    )
    watch.stage("pilot", len(rows))
    kept, stopped = passes, list[RankedSource]()
    if len(rows) < len(task) or len(passes) > len({one.network.card.id for one in passes}):
        features = extract_all(
            passes, task.inputs, cache=machine.cache, rows=rows.tolist(), threads=machine.threads, watch=watch
        )
        merits = [pilot_merit(select(task, rows), taps) for taps in features]
        kept, stopped = survivors(passes, merits, whole=len(rows) == len(task))
    watch.stage("look", len(task))
    features = extract_all(kept, task.inputs, cache=machine.cache, threads=machine.threads, watch=watch)
    forward_s = time.perf_counter() - started_s
    readings = tuple(
        Reading(
            one.network.card,
            one.size,
            tuple(one.taps),
            taps,
            cost_s,
            class_names(one, task),
            one.precision.name,
        )
        for one, taps, cost_s in zip(kept, features, costs_s(kept, task.inputs, machine), strict=True)
    )
    if watch.stop_requested:  # what was not read is zero: no reading is better than a wrong one
        readings = ()
    return FirstPass(readings, (*stopped, *too_dear, *untimed), forward_s, (*unpaid, *unknown))


def pilot_rows(task: Task) -> NDArray[np.int64]:
    """All rows of a small task; else a spread-out part, classes in proportion (folds are stratified)."""
    if len(task) < PILOT_FROM:
        return np.arange(len(task))
    parts = make_folds(task, n_folds=max(len(task) // PILOT_ROWS, 2), n_repeats=1)
    return np.flatnonzero(parts.assignment[0] == 0)


def pilot_merit(pilot: Task, taps: Mapping[str, NDArray[np.float32]]) -> NDArray[np.float64]:
    """[rows] out-of-fold log-likelihood (minus squared error) of the multi-tap probe."""
    kernel = mean_gram(taps.values())
    fitted = fit_kernel(kernel, pilot, make_folds(pilot, n_folds=5, n_repeats=1))
    outer = fitted.outer[0]
    if pilot.kind is Kind.REGRESSION:
        return np.asarray(-((outer[:, 0] - pilot.targets) ** 2))
    return np.asarray(np.log(outer[np.arange(len(pilot)), pilot.targets]))


def survivors(
    passes: Sequence[Pass], merits: Sequence[NDArray[np.float64]], *, whole: bool
) -> tuple[list[Pass], list[RankedSource]]:
    """One size for each source, and the sources that are not clearly behind the best."""
    chosen: dict[str, int] = {}
    for index, one in enumerate(passes):  # sizes of a source come largest first
        held = chosen.get(one.network.card.id)
        if held is None or behind(merits[index], merits[held]) < SMALLER_Z:
            chosen[one.network.card.id] = index
    order = sorted(chosen.values(), key=lambda index: -float(merits[index].mean()))
    best = order[0]
    kept = [
        index
        for place, index in enumerate(order)
        if whole or place < KEPT or behind(merits[index], merits[best]) < BEHIND_Z
    ]
    stopped = [_stopped(passes[index], merits[index], merits[best]) for index in order if index not in kept]
    return [passes[index] for index in sorted(kept)], stopped


def behind(merit: NDArray[np.float64], best: NDArray[np.float64]) -> float:
    """Standard errors by which per-row merits trail the best's (negative: they lead)."""
    gap = best - merit
    error = float(gap.std()) / np.sqrt(len(gap))
    return float(gap.mean()) / error if error > 0 else 0.0


def _stopped(one: Pass, merit: NDArray[np.float64], best: NDArray[np.float64]) -> RankedSource:
    gap = float((best - merit).mean())
    why = f"stopped after {len(merit)} rows: {gap:.2f} behind the best in log-likelihood a row"
    return not_read(one.network.card, one.size, why)


def class_names(one: Pass, task: Task) -> NDArray[np.float32] | None:
    """The source's reading of the class names, where both are texts and the names are words."""
    is_text = task.modality is Modality.TEXT and task.kind is Kind.CLASSIFICATION
    if not is_text or not are_words(task.classes):
        return None
    names = [name.replace("_", " ").replace("-", " ") for name in task.classes]
    read: Mapping[str, Any] = extract(
        one.network, inputs_from(names, Modality.TEXT), size=one.size, precision=one.precision
    )
    return np.asarray(read[max(one.taps, key=lambda tap: tap.depth).name], dtype=np.float32)
