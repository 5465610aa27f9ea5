"""One look: probes on every reading, and what they say about which source and which depth to reuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from headstart.core.evidence import Evidence
from headstart.core.folds import Folds
from headstart.core.run import DepthPoint, RankedSource
from headstart.core.seeds import generator
from headstart.core.standing import Standing
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.metrics.estimates import as_decided, score_of
from headstart.metrics.intervals import resamples
from headstart.training.blas import one_blas_thread
from headstart.what.experience import NOTHING, Experience
from headstart.what.probes import Looked, Probe, probe_all
from headstart.what.ranking import depth_profile, rank
from headstart.what.reading import Reading


@dataclass(frozen=True)
class Look:
    """What one forward pass through each source says.

    Attributes:
        readings: one for each (source, input size) that was read whole.
        probes: every probe on every reading, fitted and with evidence.
        stopped: sources that were behind on a part of the data.
        ranking, depth: for the record and the report.
        standing: by source id, what is known of it before the labels speak.
    """

    readings: tuple[Reading, ...]
    probes: tuple[Probe, ...]
    stopped: tuple[RankedSource, ...]
    ranking: tuple[RankedSource, ...]
    depth: tuple[DepthPoint, ...]
    standing: Mapping[str, Standing] = field(default_factory=dict)

    @property
    def evidence(self) -> list[Evidence]:
        """Evidence of all probes."""
        return [probe.evidence for probe in self.probes]


def look(
    task: Task,
    readings: Sequence[Reading],
    folds: Folds,
    watch: Watch,
    *,
    stopped: Sequence[RankedSource] = (),
    standing: Mapping[str, Standing] | None = None,
    workers: int = 1,
    earlier: Experience = NOTHING,
) -> Look:
    """Probe every reading (a worker each, one BLAS thread a worker) and rank the sources."""
    watch.stage("probes", len(readings))

    def probe(reading: Reading) -> list[Probe]:
        found = probe_all(Looked(reading, task, folds))
        watch.advance()
        return found

    with one_blas_thread(), ThreadPoolExecutor(workers) as pool:
        probes = tuple(p for found in pool.map(probe, readings) for p in found)
    scored = scores(probes, task, folds)
    ranking = rank(probes, scored, readings, stopped, earlier)
    depth = depth_profile(probes, scored)
    return Look(tuple(readings), probes, tuple(stopped), ranking, depth, standing or {})


def scores(probes: Sequence[Probe], task: Task, folds: Folds) -> list[DepthPoint]:
    """Each probe's score with its interval, as points of the depth profile (one a probe, in order)."""
    counts = resamples(len(task), generator(task.seed, "bootstrap"), task.groups)
    points = []
    for probe in probes:
        predictions: NDArray[np.float64] = as_decided(probe.evidence.pooled, task)
        score = score_of(task, predictions, folds, counts, corrected=False)
        taps = {tap.name: tap for tap in probe.reading.taps}
        used = probe.candidate.parts.taps
        points.append(
            DepthPoint(
                source=probe.reading.card.id,
                tap="+".join(used),
                depth=max(taps[name].depth for name in used),
                input_size=probe.reading.size,
                score=score.estimate,
                interval=score.interval,
            )
        )
    return points
