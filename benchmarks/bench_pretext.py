"""What self-supervision is worth: a probe with few labels on a network that never saw one.

    python benchmarks/bench_pretext.py [--draws 5] [--sets cifar10,scenes] [--epochs 30]

A small network learns from the pictures of 70 % of a set, by each pretext without their labels, and (the
upper end) with them; a probe with 10 and 20 labels a class from the other rows judges it, and the network
with random weights. Texts: the two encoders, continued for an epoch on a set's texts, against themselves.
Weights and figures are kept in .bench/pretext and resumed.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from evidence import Pieces
from harness import DATA_SETS, SHARED, draw_rows, in_memory, machine_line
from scipy.stats import t as student

from headstart.core.kinds import Kind, Modality
from headstart.core.source import Network
from headstart.core.task import Task
from headstart.data import LoadOptions, folds, load, select
from headstart.develop.pretext import METHODS, pretrain
from headstart.sources import at_hand
from headstart.sources.extract import extract
from headstart.sources.scratch import scratch_network
from headstart.sources.threads import torch_threads
from headstart.training.head import starting_head
from headstart.training.kernel_ridge import moments, standardise
from headstart.training.lending import wearing
from headstart.training.loop import train
from headstart.training.objectives import cross_entropy
from headstart.training.probe import fit_kernel
from headstart.training.reading import features
from headstart.training.states import cache_prefix
from headstart.training.tuning import Tuning

if TYPE_CHECKING:
    import torch

SIDES = {"cifar10": 32}  # pixels; a busy machine has no time for more
SIDE = 48
LEARN_FRAC = 0.7
TEXT_ROWS, TOKENS = 2000, 64


def supervised(network: Network, task: Task, side: int, epochs: int) -> Mapping[str, torch.Tensor]:
    """The same network, the same rows, with their labels."""
    import torch

    rows, coded = np.arange(len(task)), np.eye(len(task.classes), dtype=np.float32)[task.targets]
    states = cache_prefix(network, task.inputs, side, 0, dtype=torch.float32, flips=(False, True))
    head = starting_head(features(network, states, rows, dtype=torch.float32), coded, Kind.CLASSIFICATION)
    rates = {name: 1.0 for name, _ in network.module.named_parameters()}
    tuning = Tuning(cut=0, rates=rates, epochs=epochs, peak_rate=2e-3, batch_size=64, warmup_frac=0.1)
    objective = cross_entropy(0.1)
    return train(
        network, states, rows, coded, head, tuning, objective=objective, dtype=torch.float32, seed=0
    ).tensors


def judged(groups: list[np.ndarray], task: Task, draws: int) -> dict[str, list[float]]:
    """Accuracy of probes on every tap at once, by labels a class, for each draw."""
    found: dict[str, list[float]] = {}
    for per_class in (10, 20):
        for draw in range(draws):
            drawn = draw_rows(task, per_class, draw)
            if drawn is None:
                continue
            few, rest = drawn
            grams, crosses = [], []
            for group in groups:
                ours, new = (standardise(group[rows], *moments(group[few])) for rows in (few, rest))
                size = max(float((ours**2).sum()) / len(ours), 1e-12)
                grams.append(ours @ ours.T / size)
                crosses.append(new @ ours.T / size)
            known = select(task, few)
            fitted = fit_kernel(np.mean(grams, axis=0).astype(np.float64), known, folds(known))
            scores = (np.mean(crosses, axis=0) + 1.0) @ fitted.dual + fitted.offset
            found.setdefault(str(per_class), []).append(
                float((scores.argmax(1) == task.targets[rest]).mean())
            )
    return found


def one(name: str, way: str, network: Network, size: int, epochs: int, draws: int) -> dict[str, Any]:
    """Develop in one way, and judge."""
    recipe = DATA_SETS[name]
    task = load(SHARED / recipe.path, LoadOptions(name=name))
    order = np.random.default_rng(0).permutation(len(task))
    if task.modality is Modality.IMAGE:
        task = in_memory(task)
    else:
        order = order[:TEXT_ROWS]
    cut = round(LEARN_FRAC * len(order))
    learn, rest = select(task, np.sort(order[:cut])), select(task, np.sort(order[cut:]))
    began = time.process_time()
    line: dict[str, Any] = {"set": name, "way": way, "source": network.card.id}
    tensors: Mapping[str, torch.Tensor] = {}
    if way == "supervised":
        tensors = supervised(network, learn, size, epochs)
    elif way != "start":
        made = pretrain(network, learn.inputs, size=size, seed=0, method=way, epochs=epochs)
        tensors = made.tensors
        line |= {
            "curve": made.curve,
            "agreement": made.agreement,
            "likeness": made.likeness,
            "says": made.reason,
        }
    line["cpu_s"] = time.process_time() - began
    with wearing(network, tensors):
        read = extract(network, rest.inputs, size=size, threads=1)
    return {**line, **judged([np.asarray(x) for x in read.values()], rest, draws)}


def main() -> None:
    """Run what is missing, then sum up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--text-epochs", type=int, default=1)
    parser.add_argument("--sets", default="cifar10,scenes")
    parser.add_argument("--texts", default="")
    parser.add_argument("--text-methods", default="contrast")
    options = parser.parse_args()
    pieces, lines = Pieces("pretext", draws=options.draws), []

    def kept(
        name: str, way: str, source: str, epochs: int, size: int, network: Callable[[], Network]
    ) -> None:
        key = f"{name}-{source.replace('/', '-')}-{way}-{epochs}"
        if key not in pieces:
            with torch_threads(1):
                pieces[key] = one(name, way, network(), size, epochs, options.draws)
            print(json.dumps(pieces[key]), flush=True)
        lines.append(pieces[key])

    for name in filter(None, options.sets.split(",")):
        for way in ("start", *METHODS, "supervised"):
            size = SIDES.get(name, SIDE)
            kept(name, way, "scratch", options.epochs, size, lambda: scratch_network(0))
    for name in filter(None, options.texts.split(",")):
        for source in (source for source in at_hand(Modality.TEXT) if "minilm" in source.card.id):
            for way in ("start", *options.text_methods.split(",")):
                kept(name, way, source.card.name, options.text_epochs, TOKENS, source.load)
    print(machine_line())
    for line in lines:
        tell(line)
    print(pieces.origins())


def tell(line: dict[str, Any]) -> None:
    """One line of the table: mean accuracy in points, 90 % over draws."""
    shown = []
    for per_class in ("10", "20"):
        own = 100 * np.array(line.get(per_class, [np.nan]))
        reach = student.ppf(0.95, max(len(own) - 1, 1)) * own.std(ddof=min(1, len(own) - 1)) / len(own) ** 0.5
        shown.append(f"{per_class} a class {own.mean():.1f} +- {reach:.1f}")
    who = f"{line['set']:12} {line['source'][:30]:30} {line['way']:14}"
    print(f"{who} {', '.join(shown)}; {line['cpu_s']:.0f} CPU s")


if __name__ == "__main__":
    main()
