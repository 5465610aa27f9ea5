"""One look costs one look: rungs 1 and 2 against the bare forward passes over the same decoded images.

    python benchmarks/bench_look.py [--images 500] [--repeats 3]

In one process: the answer of rungs 1 and 2 (decoding, passes, probes, combination, gate; controls apart)
over the bare forward passes at the same sizes and precision, and a second run from the cache. The caches
start empty, but for the sources themselves and the machine's precision probe.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from harness import machine_line, open_task

from headstart.core import places
from headstart.core.folds import Folds
from headstart.core.source import Network
from headstart.core.task import Task
from headstart.core.watch import Silent
from headstart.data import select
from headstart.recipes.looking import machine, shared_folds
from headstart.recipes.settings import FitSettings
from headstart.sources import at_hand
from headstart.sources.feature_cache import FeatureCache
from headstart.sources.threads import torch_threads
from headstart.training.blas import one_blas_thread
from headstart.what.affordable import Machine
from headstart.what.first_pass import first_pass, pilot_rows
from headstart.what.input_sizes import sizes_to_try
from headstart.what.look import look
from headstart.when.controls import FittedControl, controls
from headstart.when.judge import compare


def bare(task: Task, passes: list[tuple[Any, int, int]], rows: np.ndarray, threads: int) -> float:
    """Seconds of the forward passes alone, over pictures that are decoded and resized already."""
    from headstart.sources.precision import choose

    spent = 0.0
    for network, size, count in passes:
        prepared = [network.prepare(task.inputs.read(int(row)), size) for row in rows[:count]]
        with torch_threads(threads), choose(network, size).running(network):
            for start in range(0, count, 32):
                batch = network.assemble(prepared[start : start + 32])
                began = time.perf_counter()
                network.read(batch)
                spent += time.perf_counter() - began
    return spent


def answer(
    task: Task, networks: dict[str, Network], folds: Folds, plain: list[FittedControl], where: Machine
) -> tuple[float, list[tuple[str, int]]]:
    """Seconds of rungs 1 and 2, and the (source, size) pairs that were read whole."""
    began = time.perf_counter()
    passes = first_pass(task, networks, where, Silent())
    found = look(task, passes.readings, folds, Silent(), stopped=passes.stopped, workers=os.cpu_count() or 1)
    compare([*(c.evidence for c in plain), *found.evidence], task, folds)
    return time.perf_counter() - began, [(r.card.id, r.size) for r in passes.readings]


def main() -> None:
    """Print one JSON line a repeat and a summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=500)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--set", default="scenes")
    options = parser.parse_args()
    whole = open_task(options.set)
    task = select(whole, np.random.default_rng(0).permutation(len(whole))[: options.images])
    settings = FitSettings(data="x")
    networks = {s.card.id: s.load() for s in at_hand(task.modality)}
    folds = shared_folds(task, settings)
    with one_blas_thread():
        plain = controls(task, folds, Silent())
        ratios = []
        for repeat in range(options.repeats):
            folder = Path(tempfile.mkdtemp(dir=places.cache()))
            where = Machine(FeatureCache(folder), machine(settings).device)
            first, read = answer(task, networks, folds, plain, where)
            second, _ = answer(task, networks, folds, plain, where)
            shutil.rmtree(folder)
            rows = np.arange(len(task))
            pilot = len(pilot_rows(task))
            whole_size = dict(read)
            passes = [(networks[name], size, len(task)) for name, size in read]
            passes += [  # sizes and sources that the pilot read and dropped
                (network, size, pilot)
                for name, network in networks.items()
                for size in sizes_to_try(network.card, task.inputs)
                if whole_size.get(name) != size
            ]
            floor = bare(task, passes, rows, 0)
            ratios.append((first / floor, second / floor))
            line = {"repeat": repeat, "look_s": first, "bare_s": floor, "second_s": second}
            print(json.dumps({k: round(v, 3) for k, v in line.items()}), flush=True)
    first, second = np.median(ratios, axis=0)
    print(machine_line())
    print(f"{len(task)} images, {len(networks)} sources: look / bare passes {first:.2f} (at most 1.25), ")
    print(f"second run / bare passes {second:.3f} (at most 0.1); read whole: {read}")


if __name__ == "__main__":
    main()
