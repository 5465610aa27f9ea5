"""Solar cells of two makes: a model is developed on the polycrystalline, for the monocrystalline ones.

The same data as in `solar_cells`, whose labels also tell what each cell is made of.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from headstart.core.seeds import generator
from headstart.recipes.demos.sample import stratified
from headstart.recipes.demos.solar_cells import LABELS, PHOTOS, label_of

PER_CLASS, N_TEST = 20, 400


def unpack(wheel: Path, folder: Path) -> None:
    """Write ``poly/`` (every such cell), ``train/`` (20 mono ones of each class), ``test/`` (400 others)."""
    with zipfile.ZipFile(wheel) as archive:
        lines = archive.read(LABELS).decode().splitlines()
        cells = [
            (name, label_of(share), make) for name, share, make in (line.split() for line in lines if line)
        ]
        poly = [(name, label) for name, label, make in cells if make == "poly"]
        mono = [(name, label) for name, label, make in cells if make == "mono"]
        labels = np.array([label for _, label in mono])
        random = generator(0, "demo", "monocrystalline")
        picks = [
            random.permutation(np.flatnonzero(labels == label))[:PER_CLASS] for label in np.unique(labels)
        ]
        train = np.sort(np.concatenate(picks))
        others = np.setdiff1d(np.arange(len(mono)), train)
        n_test = min(N_TEST, len(others))
        test = others[stratified(list(labels[others]), n_test, seed=0, purpose="monocrystalline test")]
        parts = {"poly": poly, "train": [mono[row] for row in train], "test": [mono[row] for row in test]}
        for part, chosen in parts.items():
            for name, label in chosen:
                place = folder / part / label / Path(name).name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(archive.read(f"{PHOTOS}/{name}"))
