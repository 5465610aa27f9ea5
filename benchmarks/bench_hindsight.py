"""How much of a shortfall against the best in hindsight is the luck of that best one.

    python benchmarks/bench_hindsight.py [--draws 20] [--sets solar-cells,sst2] [--summary]

The draws of `bench_verdict.py`, real sources. There the best of some fifty candidates is picked on the very
rows that score it; where these are few and the candidates close, the best is the luckiest. Here it is picked
on one half of the rest and scored on the other, both ways and over several splits: an oracle still, with
more labels to pick by than the product has in all, but without its luck. Evidence is kept piece by piece.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping

import numpy as np
import pandas as pd
from bench_verdict import PER_CLASS, balanced_accuracy, mixed, probed
from evidence import Pieces, bench_folder
from harness import DATA_SETS, FEATURES, Set, draw_rows, load_set, machine_line, pictures_seen_once
from standing import standing_elsewhere

from headstart.core.standing import Standing
from headstart.core.task import Task
from headstart.core.watch import Silent
from headstart.data import folds as make_folds
from headstart.data import select
from headstart.recipes.looking import shared_folds
from headstart.recipes.settings import FitSettings
from headstart.training.blas import one_blas_thread
from headstart.when.controls import controls
from headstart.when.judge import compare

SPLITS = 5


def judge(found: Set, per_class: int, draw: int, standing: Mapping[str, Standing]) -> dict[str, float] | None:
    """What is handed back, the best on the rest, and the best of a half on the other half."""
    rows = draw_rows(found.task, per_class, draw)
    if rows is None:
        return None
    task, test = (select(found.task, part) for part in rows)
    folds = shared_folds(task, FitSettings(data="x"))
    plain = controls(task, folds, Silent())
    real = {name: found.features[name] for name in found.real}
    _, probes, tested = probed(real, *rows, task, folds)
    evidence = [p.evidence for of in probes.values() for p in of]
    comparison = compare([*(c.evidence for c in plain), *evidence], task, folds, standing=standing)
    tested |= {c.candidate.id: c.predictor.predict(test.inputs) for c in plain}
    handed = mixed(
        comparison, comparison.weights if comparison.passed else comparison.control_weights, tested
    )
    return {
        "rest": len(test),
        "handed": balanced_accuracy(handed, test),
        "lucky": max(balanced_accuracy(answers, test) for answers in tested.values()),
        "fair": picked_on_halves(tested, test),
    }


def picked_on_halves(tested: Mapping[str, np.ndarray], test: Task) -> float:
    """Mean score, on one half, of the candidate that is best on the other."""
    scores = []
    for half in make_folds(test, n_folds=2, n_repeats=SPLITS).assignment:
        parts = [np.flatnonzero(half == side) for side in (0, 1)]
        for own, other in (parts, parts[::-1]):
            picks, judges = select(test, own), select(test, other)
            best = max(tested, key=lambda name: balanced_accuracy(tested[name][own], picks))
            scores.append(balanced_accuracy(tested[best][other], judges))
    return float(np.mean(scores))


def short(some: pd.DataFrame, against: str) -> str:
    """What is handed back minus an oracle, in points."""
    points = 100 * (some.handed - some[against])
    return f"{points.mean():+.2f} (5 % worst {points.quantile(0.05):+.1f})"


def main() -> None:
    """Run what is missing, then sum up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--sets", default=",".join(DATA_SETS))
    parser.add_argument("--summary", action="store_true", help="only sum up what is there")
    options = parser.parse_args()
    pieces, names = Pieces("hindsight", probes="alike"), options.sets.split(",")
    for name in [] if options.summary else names:
        found = load_set(name, bench_folder(FEATURES))
        standing = {source: Standing(share, True) for source, share in standing_elsewhere(name).items()}
        for key, per_class, draw in [
            (f"{name}-{p}-{d}", p, d) for p in PER_CLASS for d in range(options.draws)
        ]:
            if key not in pieces:
                with one_blas_thread(), pictures_seen_once(found):
                    pieces[key] = judge(found, per_class, draw, standing)
        print(name, "done", flush=True)
    lines = [(*key.rsplit("-", 2)[:2], pieces[key]) for key in pieces.named() if pieces[key]]
    table = pd.DataFrame([{"set": name, "per_class": int(per), **found} for name, per, found in lines])
    table["sort"] = ["texts" if DATA_SETS[name].is_text else "images" for name in table.set]
    print(machine_line())
    for by in ("set", "sort"):
        for (name, per_class), some in table.groupby([by, "per_class"]):
            print(
                f"{name:14} {per_class:2d} a class, {len(some):3d} draws, rest {some.rest.mean():5.0f}: ",
                end="",
            )
            print("; ".join(f"{against} {short(some, against)}" for against in ("lucky", "fair")))
    print(pieces.origins())


if __name__ == "__main__":
    main()
