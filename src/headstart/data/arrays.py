"""A task from what a Python program holds: X and y."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from headstart.core.errors import DataError
from headstart.core.kinds import Kind, Modality
from headstart.core.task import Task
from headstart.data import assembly, duplicates, labels
from headstart.data.known_labels import read_known
from headstart.data.unlabelled import gather_items


def from_arrays(
    X: Sequence[Any],
    y: Sequence[Any],
    *,
    groups: Sequence[Any] | None = None,
    kind: Kind | str | None = None,
    metric: str | None = None,
    seed: int = 0,
    name: str = "arrays",
    modality: Modality | None = None,
    normalize_labels: bool = False,
    classes: Sequence[str] | None = None,
) -> Task:
    """A task of n examples and their n labels.

    Args:
        X: texts, paths of images, PIL images, or uint8 arrays [n, h, w] or [n, h, w, 3].
        y: anything hashable (classes are its values as str, sorted), or numbers for regression.
        groups: [n] anything hashable; rows with equal values are never split apart.
        kind: guessed from y when None.
        metric: as for ``--metric``; the kind's default when None.
        seed: goes into the task; all that is random about it derives from there.
        name: what to call the task.
        modality: says whether strings are texts or paths of images; told from the files when None.
        normalize_labels: merge labels that differ only in case or blanks instead of refusing them.
        classes: of a model that is there already, when these are examples for it; empty for regression.

    >>> task = from_arrays(["good film", "bad film", "fine film"], ["pos", "neg", "pos"])
    >>> task.classes, task.targets.tolist()
    (('neg', 'pos'), [1, 0, 1])

    Raises:
        DataError: lengths differ, an example cannot be used, fewer than two classes.
    """
    for other, said in ((y, "labels"), (groups, "groups")):
        if other is not None and len(other) != len(X):
            raise DataError(
                f"{len(X)} examples but {len(other)} {said}",
                where="(X, y)",
                expected="equal numbers",
                remedy="Give one label, and one group where there are groups, for each example.",
            )
    gathered = gather_items(X, modality)
    cells = [cell.item() if isinstance(cell, np.generic) else cell for cell in y]
    held = [cells[row] for row in gathered.rows]
    places = [f"y[{row}]" for row in gathered.rows]
    if classes is not None:
        targets = read_known(held, places, classes, normalize=normalize_labels, where="y")
    else:
        asked = None if kind is None else Kind(kind)
        targets = labels.read(held, places, kind=asked, normalize=normalize_labels, where="y")
    rows = gathered.rows[targets.rows]
    own = None if groups is None else duplicates.number(str(groups[row]) for row in rows)
    return assembly.assemble(
        gathered.inputs.select(targets.rows.tolist()),
        targets,
        name=name,
        metric=metric,
        seed=seed,
        groups=own,
        notes=(*targets.notes, *gathered.notes),
    )
