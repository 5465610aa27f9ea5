"""What may be looked at: sources are timed on this machine; those that do not fit a limit are left out."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.estimate import Interval
from headstart.core.run import RankedSource
from headstart.core.shortfall import Shortfall
from headstart.core.source import Network, SourceCard
from headstart.core.task import Inputs
from headstart.core.watch import Watch
from headstart.sources.cost import measured
from headstart.sources.feature_cache import FeatureCache
from headstart.sources.precision import choose
from headstart.sources.reading import Reading as Pass
from headstart.sources.segments import keys_of
from headstart.what.experience import NOTHING, Experience
from headstart.what.fullness import fullness, token_lengths
from headstart.what.second_thought import seconds_now

TIMING_FRAC = 0.25  # of the look's limit, at most, for timing sources that were never timed here
THOUGHT_FRAC = 0.1  # likewise for reading a few examples through sources that seem too dear
PATIENCE_FRAC = 0.01  # of it that a single example may take before that is answer enough


@dataclass(frozen=True)
class Machine:
    """Where and how networks run."""

    cache: FeatureCache | None
    device: str = "cpu"
    threads: int = 0


def timed(
    networks: Mapping[str, Network],
    sizes: Mapping[str, Sequence[int]],
    machine: Machine,
    watch: Watch,
    limit_s: float,
) -> tuple[list[Pass], list[RankedSource], list[Shortfall]]:
    """A pass for each source and size, in the number format that a probe finds, and who was not timed.

    On a machine's first run each source is timed, in the order given; those that are left when TIMING_FRAC of
    `limit_s` is spent, or the user stops, are not looked at. At least one is timed.
    """
    watch.stage("timing sources", len(networks))
    began_s = time.perf_counter()
    passes, refused, short = list[Pass](), list[RankedSource](), list[Shortfall]()
    for name, network in networks.items():
        spent_s = time.perf_counter() - began_s
        if passes and (spent_s > TIMING_FRAC * limit_s or watch.stop_requested):
            why = f"not looked at: timing those before it, once per machine, took {spent_s:.0f} s"
            refused.append(not_read(network.card, 0, why))
            left_s = max(limit_s - spent_s, 0.0)
            short.append(Shortfall(what=name, work="look", begun=False, needed_s=None, left_s=left_s))
            continue
        for size in sizes[name]:
            chosen = choose(network, size, device=machine.device, threads=machine.threads)
            passes.append(Pass(network, size, precision=chosen))
        watch.advance()
    return passes, refused, short


def affordable(
    passes: Sequence[Pass],
    inputs: Inputs,
    machine: Machine,
    limit_s: float,
    earlier: Experience = NOTHING,
    *,
    pilot_frac: float = 1.0,
) -> tuple[list[Pass], list[RankedSource], list[Shortfall]]:
    """The passes of as many sources as fit into `limit_s`, those not read, and what time these lacked.

    The cheapest first; where earlier runs speak, those of which most is expected for their cost, and no more
    than alike runs have shown to be enough. What the cache knows costs nothing. Before one is left out for
    its price, a few of `inputs` are read to see whether it is right. `pilot_frac` of the examples are read at
    every input size, the others at one.
    """
    keys = keys_of(inputs.hashes)
    unread = [unread_frac(one, keys, machine) for one in passes]
    whole_s = costs_s(passes, inputs, machine)
    prices = by_source(passes, whole_s, pilot_frac)
    costs = by_source(passes, [f * s for f, s in zip(unread, whole_s, strict=True)], pilot_frac)
    cards = {one.network.card.id: one.network.card for one in passes}
    worth = {name: earlier.share(card) if earlier.runs else 1.0 for name, card in cards.items()}
    spared = earlier.passed_over(cards.values(), prices)  # whatever the cache knows: it must not decide this
    spent_s, thought_s, kept = 0.0, 0.0, set[str]()
    for source in sorted(costs.keys() - set(spared), key=lambda name: (costs[name] / worth[name], name)):
        if kept and spent_s + costs[source] > limit_s and thought_s < THOUGHT_FRAC * limit_s:
            began_s = time.perf_counter()
            own = [pair for pair in zip(passes, unread, strict=True) if pair[0].network.card.id == source]
            patience_s = PATIENCE_FRAC * limit_s
            now_s = sum(frac * seconds_now(one, inputs, machine.threads, patience_s) for one, frac in own)
            costs[source] = min(costs[source], len(inputs) * now_s)
            thought_s += time.perf_counter() - began_s
        if spent_s + costs[source] <= limit_s or not kept:
            spent_s += costs[source]
            kept.add(source)
    left_out = {one.network.card.id: one for one in passes if one.network.card.id not in kept}
    refused = [
        not_read(
            one.network.card,
            one.size,
            f"not looked at: {earlier.said_of(name)}, and others are expected to do as well for less"
            if name in spared
            else f"not looked at: about {costs[name]:.0f} s would not fit into the time limit",
        )
        for name, one in left_out.items()
    ]
    short = [
        Shortfall(
            what=name, work="look", begun=False, needed_s=costs[name], left_s=max(limit_s - spent_s, 0.0)
        )
        for name in left_out
        if name not in spared
    ]
    return [one for one in passes if one.network.card.id in kept], refused, short


def by_source(passes: Sequence[Pass], costs_s: Sequence[float], pilot_frac: float) -> dict[str, float]:
    """Seconds of each source: its passes over the pilot at every size, over the others at the dearest one."""
    sizes: dict[str, list[float]] = {}
    for one, own_s in zip(passes, costs_s, strict=True):
        sizes.setdefault(one.network.card.id, []).append(own_s)
    return {name: pilot_frac * sum(s) + (1.0 - pilot_frac) * max(s) for name, s in sizes.items()}


def unread_frac(one: Pass, keys: NDArray[np.bytes_], machine: Machine) -> float:
    """Share (0…1) of the examples, by their `keys` [n], whose features the cache does not have."""
    if machine.cache is None:
        return 1.0
    return 1.0 - float(machine.cache.shelf(one.facts, one.width).known(keys).mean())


def not_read(card: SourceCard, size: int, why: str) -> RankedSource:
    """A source without a score, ranked behind the others."""
    return RankedSource(
        source=card.id,
        rank=0,
        score=math.nan,
        interval=Interval(math.nan, math.nan, 0.9),
        cost_s=0.0,
        input_size=size,
        distance=None,
        reason=why,
        name=card.name,
        licence=card.licence,
    )


def costs_s(passes: Sequence[Pass], inputs: Inputs, machine: Machine) -> list[float]:
    """Seconds that each whole pass over the examples costs on this machine, from its timed probe."""
    tokens, n = token_lengths(inputs), len(inputs)
    return [
        measured(one.network, n, one.size, device=machine.device, threads=machine.threads)
        * fullness(tokens, one.size)
        for one in passes
    ]
