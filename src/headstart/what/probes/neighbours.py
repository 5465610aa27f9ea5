"""Nearest neighbours on the last tap, by cosine: no fitting at all, and hard to beat on a near task."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from headstart.core.folds import Folds
from headstart.core.kinds import Kind
from headstart.training.calibration import calibrate
from headstart.training.probe import coded_targets
from headstart.training.value_calibration import calibrate_values
from headstart.what.heads import NeighbourHead, unit, vote
from headstart.what.probes.base import PROBES, Looked, Probe

NEIGHBOURS = (1, 3, 9)  # chosen like a penalty: on rows that the choice is not for


@PROBES.register("neighbours")
def neighbours(looked: Looked) -> list[Probe]:
    """One probe on the last tap."""
    started_s = time.perf_counter()
    task, folds, tap = looked.task, looked.folds, looked.reading.last.name
    rows = unit(looked.reading.features[tap])
    centred, mean = coded_targets(task)
    votes = centred + mean
    outer, inner = _scores(rows @ rows.T, votes, folds)
    if task.kind is Kind.CLASSIFICATION:
        chosen = calibrate(outer, inner, task.targets, folds)
        honest, within, index = chosen.probabilities, chosen.inner, chosen.penalty_index
        sharpness = chosen.sharpness
    else:
        honest, within, index = calibrate_values(outer, inner, task.targets, folds)
        sharpness = 0.0
    head = NeighbourHead(tap, rows, votes, NEIGHBOURS[index], sharpness)
    candidate = looked.candidate("neighbours", (tap,), neighbours=NEIGHBOURS[index])
    return [looked.probe(candidate, honest, within, head, started_s)]


def _scores(
    similarity: NDArray[np.float32], votes: NDArray[np.float64], folds: Folds
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Outer [settings, repeats, n, k] and inner [settings, repeats, folds, n, k] votes."""
    n, k = votes.shape
    outer = np.empty((len(NEIGHBOURS), folds.n_repeats, n, k))
    inner = np.full((len(NEIGHBOURS), folds.n_repeats, folds.n_folds, n, k), np.nan)
    for repeat, assignment in enumerate(folds.assignment):
        same = assignment[:, None] == assignment[None, :]
        usable = np.where(same, -np.inf, similarity)
        for setting, count in enumerate(NEIGHBOURS):
            outer[setting, repeat] = vote(usable, votes, count)
        for fold in range(folds.n_folds):
            rest = np.flatnonzero(assignment != fold)
            within = usable[np.ix_(rest, rest)]
            if not np.isfinite(within).any(1).all():  # two folds: nothing is left when both are out
                inner[:, repeat, fold, rest] = outer[:, repeat, rest]
                continue
            for setting, count in enumerate(NEIGHBOURS):
                inner[setting, repeat, fold, rest] = vote(within, votes[rest], count)
    return outer, inner
