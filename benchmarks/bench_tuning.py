"""Tuning pays where it can, and does not harm: the whole ladder against the look alone.

    python benchmarks/bench_tuning.py [--draws 3] [--seconds 120] [--per-class 20]

For each data set and draw: one run of all five rungs under the time limit, and the decision that the same
look and controls would have led to without rungs 3 and 4, both judged on rows that nobody used. Evidence is
kept piece by piece in .bench/tuning and resumed.
"""

from __future__ import annotations

import argparse
import json
import time

import numpy as np
from evidence import Pieces
from harness import draw_rows, machine_line, open_task

from headstart.core.budget import Budget
from headstart.core.source import Network
from headstart.core.task import Task
from headstart.core.watch import Silent
from headstart.data import select
from headstart.how.race import Race
from headstart.recipes import assembling, deciding
from headstart.recipes.looking import look_at, shared_folds
from headstart.recipes.settings import FitSettings
from headstart.recipes.tuning import from_scratch, joined, tune
from headstart.sources import at_hand
from headstart.training.blas import one_blas_thread
from headstart.what.plan import plan
from headstart.when.controls import controls, kernels

IMAGES = ["sign-digits", "apple-leaf", "magnetic-tile", "scenes", "flowers", "cifar10"]
TEST_ROWS = 400  # read at full size by every network of two models
SETS = [*IMAGES, "trec", "sst2", "subjectivity"]


def piece(
    whole: Task, networks: dict[str, Network], per_class: int, draw: int, seconds: float
) -> dict[str, object] | None:
    """One draw: test accuracy with and without tuning."""
    rows = draw_rows(whole, per_class, draw)
    if rows is None:
        return None
    task, test = (select(whole, part) for part in (rows[0], rows[1][:TEST_ROWS]))
    settings = FitSettings(data="x", time_limit_s=seconds)
    budget, watch = Budget(settings.preset, seconds), Silent()
    with one_blas_thread():
        folds = shared_folds(task, settings)
        plain = controls(task, folds, watch)
        looked = look_at(task, networks, folds, settings, watch, plain=kernels(plain), left_s=budget.left_s())
        scratch = from_scratch(task, folds, plain, budget, watch)
        planned = plan(looked.look, task, settings.preset)
        race = joined(scratch, tune(planned, task, folds, looked.look, networks, budget, watch))
        line: dict[str, object] = {"wall_s": budget.spent_s(), "n": len(task), "n_test": len(test)}
        line["statuses"] = [f"{e.candidate.id}: {e.status}" for e in race.evidence]
        for name, part in (("ladder", race), ("look", Race((), {}))):
            decision = deciding.decide(task, folds, plain, looked.look, part, None, watch)
            model = assembling.model(task, decision, plain, looked.look, part, networks)
            right = model.scored(model.run(test.inputs).values).argmax(1) == test.targets
            line[name] = float(right.mean())
    return line


def main() -> None:
    """Run what is missing, then sum up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--per-class", type=int, default=20)
    parser.add_argument("--sets", default=",".join(SETS))
    options = parser.parse_args()
    pieces = Pieces("tuning", seconds=options.seconds, probes="alike")
    lines = []
    for draw in range(options.draws):
        for name in options.sets.split(","):
            key = f"{name}-{options.per_class}-{draw}"
            if key not in pieces:
                task = open_task(name)
                networks = {s.card.id: s.load() for s in at_hand(task.modality)}
                began = time.time()
                line = piece(task, networks, options.per_class, draw, options.seconds)
                pieces[key] = {"set": name, "draw": draw, **(line or {})}
                print(json.dumps(pieces[key]), round(time.time() - began), flush=True)
            lines.append(pieces[key])
    print(machine_line())
    gains = []
    for name in options.sets.split(","):
        own = [100 * (x["ladder"] - x["look"]) for x in lines if x["set"] == name and "ladder" in x]
        if own:
            gains.append(np.mean(own))
            print(f"{name}: {np.mean(own):+.1f} points {np.round(own, 1).tolist()}")
    spread = 1.833 * np.std(gains, ddof=1) / np.sqrt(len(gains)) if len(gains) > 1 else float("nan")
    print(f"mean over {len(gains)} tasks: {np.mean(gains):+.2f} +- {spread:.2f} points (90 %)")
    print(pieces.origins())


if __name__ == "__main__":
    main()
