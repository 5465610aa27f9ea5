"""How sources stand on the development sets: their share of the combinations when nothing is known of them.

    python benchmarks/standing.py

Prints the `standing` values of the catalogue. Pieces are kept in .bench/standing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import numpy as np
from evidence import Pieces, bench_folder
from harness import DATA_SETS, FEATURES, Set, as_reading, draw_rows, load_set, machine_line

from headstart.core.watch import Silent
from headstart.data import select
from headstart.recipes.looking import shared_folds
from headstart.recipes.settings import FitSettings
from headstart.training.blas import one_blas_thread
from headstart.what.probes import Looked, probe_all
from headstart.when.controls import controls
from headstart.when.judge import compare

PER_CLASS, DRAWS = (20, 50), 4
PSEUDO_SETS = 1  # sets on which all sources are equal, added so that a few sets do not decide alone


def shares_of(found: Set, per_class: int, draw: int) -> dict[str, float]:
    """Each real source's part of the weight that one draw's combination gives to sources."""
    rows = draw_rows(found.task, per_class, draw)
    if rows is None:
        return {}
    task = select(found.task, rows[0])
    folds = shared_folds(task, FitSettings(data="x"))
    evidence = [control.evidence for control in controls(task, folds, Silent())]
    for name in found.real:
        looked = Looked(as_reading(name, found.features[name], rows[0], task.modality), task, folds)
        evidence += [probe.evidence for probe in probe_all(looked)]
    comparison = compare(evidence, task, folds)
    share = dict.fromkeys(found.real, 0.0)
    for candidate, weight in zip(comparison.pool.candidates, comparison.weights, strict=True):
        if candidate.source is not None:
            share[candidate.source] += float(weight)
    total = sum(share.values())
    return {name: value / total for name, value in share.items()} if total else {}


def measured(name: str) -> list[dict[str, float]]:
    """The shares of all draws of one data set, from the file where there is one."""
    pieces = Pieces("standing")
    if name not in pieces:
        found = load_set(name, bench_folder(FEATURES))
        with one_blas_thread():
            draws = [shares_of(found, per, draw) for per in PER_CLASS for draw in range(DRAWS)]
        pieces[name] = [draw for draw in draws if draw]
    lines: list[dict[str, float]] = pieces[name]
    return lines


def standing_on(names: Iterable[str]) -> dict[str, float]:
    """Mean share over data sets, as a multiple of an equal one."""
    by_set = [draws for draws in map(measured, names) if draws]
    sources = list(by_set[0][0])
    means = {
        source: [float(np.mean([draw[source] for draw in draws])) * len(sources) for draws in by_set]
        for source in sources
    }
    n = len(by_set) + PSEUDO_SETS
    return {source: round((sum(values) + PSEUDO_SETS) / n, 2) for source, values in means.items()}


def standing_elsewhere(name: str) -> dict[str, float]:
    """The standing of sources on all data sets of the same kind but this one."""
    is_text = DATA_SETS[name].is_text
    return standing_on(n for n in DATA_SETS if n != name and DATA_SETS[n].is_text == is_text)


if __name__ == "__main__":
    print(machine_line())
    for is_text in (False, True):
        print(json.dumps(standing_on(n for n in DATA_SETS if DATA_SETS[n].is_text == is_text), indent=2))
