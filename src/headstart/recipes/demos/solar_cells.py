"""Solar cells: the defective ones, found in electroluminescence photos, far from everyday pictures.

The data are elpv-dataset (Buerhop-Lutz et al. 2018; Deitsch et al. 2019), CC BY-NC-SA 4.0: not for
commercial use. Experts gave each cell a probability of a defect: 0, 1/3, 2/3 or 1.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from headstart.recipes.demos.sample import stratified

PACKAGE, VERSION = "elpv-dataset", "1.0.0.post1"
WHEEL_SHA256 = "85e31c1126ee9b48e62d3a0232c58f58b2d189b0814a45c13642fa0415af4a4c"
WHEEL_BYTES = 90_801_454
NOTICE = "2,624 solar cells from elpv-dataset (Deitsch et al.), CC BY-NC-SA 4.0: not for commercial use"
LABELS, PHOTOS = "elpv_dataset/data/labels.csv", "elpv_dataset/data"
N_TRAIN, N_TEST = 200, 400


def unpack(wheel: Path, folder: Path) -> None:
    """Write ``train/`` (200 cells) and ``test/`` (400 others), a subfolder per class, into `folder`."""
    with zipfile.ZipFile(wheel) as archive:
        lines = archive.read(LABELS).decode().splitlines()
        cells = [line.split() for line in lines if line.strip()]
        labels = [label_of(probability) for _, probability, _ in cells]
        chosen = stratified(labels, N_TRAIN + N_TEST, seed=0, purpose="solar cells")
        train = chosen[stratified([labels[row] for row in chosen], N_TRAIN, seed=0, purpose="solar train")]
        for part, rows in (("train", train), ("test", np.setdiff1d(chosen, train))):
            for row in rows:
                place = folder / part / labels[row] / Path(cells[row][0]).name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(archive.read(f"{PHOTOS}/{cells[row][0]}"))


def label_of(probability: str) -> str:
    """The class of a cell whose experts say this probability of a defect."""
    return "defective" if float(probability) >= 0.5 else "functional"
