"""Near or far: how much of the best source still fits the target task.

Three signs, each 0…1. Depth: where on the way through the network the task is read best (near transfer:
close to the end; far: below .7 of the depth). Shift: how alike all examples look to the source, as the
length of their mean unit feature (1: one point; a network sees a strange world through a keyhole).
Affinity: how much of what the best probe achieves is there without any fitting, as nearest neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from headstart.core.kinds import Kind
from headstart.core.task import Task
from headstart.core.verdict import Distance, DistanceEvidence
from headstart.what.heads import unit
from headstart.what.probes import Probe

FAR_DEPTH = 0.7  # below it the task is read best where general features end (DESIGN, traps)
FAR_VALUE = 0.5


def distance(probes: Sequence[Probe], task: Task) -> Distance | None:
    """Distance of the task from the source of the best probe; None without a probe on taps."""
    linear = [probe for probe in probes if probe.candidate.strategy == "linear"]
    if not linear:
        return None
    best = max(linear, key=lambda probe: probe.merit)
    reading = best.reading
    depth = _depth([probe for probe in linear if probe.reading is reading], len(task))
    rows = unit(reading.features[reading.last.name])
    shift = float(np.linalg.norm(rows.mean(0)))
    neighbours = [p for p in probes if p.reading is reading and p.candidate.strategy == "neighbours"]
    affinity = _affinity(neighbours[0], best, task) if neighbours else None
    signs = [1.0 - depth, shift] + ([1.0 - affinity] if affinity is not None else [])
    value = float(np.mean(signs))
    kind: Literal["near", "far"] = "far" if depth < FAR_DEPTH or value > FAR_VALUE else "near"
    return Distance(kind, value, DistanceEvidence(depth, shift, affinity))


def _depth(probes: Sequence[Probe], n: int) -> float:
    """Depth of the best tap, averaged over taps that the labels cannot tell apart."""
    merits = np.array([probe.merit for probe in probes])
    depths = [{t.name: t.depth for t in p.reading.taps}[p.candidate.parts.taps[0]] for p in probes]
    share = np.exp(np.sqrt(n) * (merits - merits.max()) / max(abs(float(merits.max())), 1e-3))
    return float(share @ np.array(depths) / share.sum())


def _affinity(neighbours: Probe, best: Probe, task: Task) -> float | None:
    if task.kind is not Kind.CLASSIFICATION:
        return None
    chance = float(np.bincount(task.targets).max()) / len(task)
    right = [float((p.evidence.pooled.argmax(1) == task.targets).mean()) for p in (neighbours, best)]
    above = [max(share - chance, 0.0) for share in right]
    return min(above[0] / above[1], 1.0) if above[1] > 0 else 0.0
