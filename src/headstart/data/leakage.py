"""Test rows that the training data already shows: leakage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.kinds import Modality
from headstart.core.task import Inputs, Task
from headstart.data import perceptual, shingles


@dataclass(frozen=True)
class Overlap:
    """`rows` [m] of the test data, the training row `matches` [m] that each repeats, whether `exact` [m]."""

    rows: NDArray[np.int64]
    matches: NDArray[np.int64]
    exact: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.rows)


def overlap(train: Task | Inputs, test: Task | Inputs) -> Overlap:
    """Test rows that are exact or near duplicates of a training row, each with one such row."""
    known, new = (data.inputs if isinstance(data, Task) else data for data in (train, test))
    place = {content: row for row, content in reversed(list(enumerate(known.hashes)))}
    found = {row: (place[content], True) for row, content in enumerate(new.hashes) if content in place}
    if known.modality is Modality.IMAGE:
        pairs = perceptual.near_pairs(
            np.concatenate([perceptual.thumbnails(known), perceptual.thumbnails(new)])
        )
    else:
        pairs = shingles.near_pairs(
            [inputs.read(row) for inputs in (known, new) for row in range(len(inputs))]
        )
    for low, high in np.sort(pairs, axis=1).tolist():
        if low < len(known) <= high:
            found.setdefault(high - len(known), (low, False))
    rows = sorted(found)
    return Overlap(
        np.array(rows, dtype=np.int64),
        np.array([found[row][0] for row in rows], dtype=np.int64),
        np.array([found[row][1] for row in rows], dtype=bool),
    )
