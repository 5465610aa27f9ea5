"""The examples that a teacher answers for its student: the transfer set (Hinton et al. 2015).

Labels are not needed. Where there are some, they are kept apart: nothing is fitted on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import DataError
from headstart.core.kinds import Modality
from headstart.core.seeds import generator
from headstart.core.task import Inputs, Task
from headstart.data import LoadOptions, from_arrays, inputs_from, load, paths, read_inputs, select
from headstart.data.assembly import content_fingerprint
from headstart.data.tables import SUFFIXES, open_table
from headstart.serve import Signature

LEAST_ROWS = 20  # below it four rows are held out at a time, and agreement is known to +- 20 points
# The closed form takes 6 s at 2,000 rows and 30 at 4,000 (one core); agreement rose by 3 points
# from 500 to 2,000 rows (docs/how.md), so what more rows would add is small.
MOST_ROWS = 4000


@dataclass(frozen=True)
class TransferSet:
    """Examples, and the labels that some of them have.

    Attributes:
        n_given: rows that were there; at most MOST_ROWS are taken.
        truth: the rows with a label as a task of the teacher's classes; None: no labels.
        labelled: [len(truth)] their places among `inputs`.
        whole: fingerprint of the labelled data as given, to be compared with the teacher's.
        notes: what a reader must know.
    """

    name: str
    inputs: Inputs
    n_given: int
    truth: Task | None
    labelled: NDArray[np.int64]
    whole: str
    notes: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """Of the contents, whatever their order and labels."""
        return content_fingerprint(self.inputs.hashes)


def opened(data: Any, signature: Signature, options: LoadOptions, *, seed: int = 0) -> TransferSet:
    """Read examples of the teacher's modality from a path, a list, or ``(X, y)``.

    Raises:
        DataError: another modality, fewer than LEAST_ROWS rows, nothing that can be used.
    """
    asked = replace(options, kind=signature.kind, classes=signature.classes, metric=signature.metric)
    notes: tuple[str, ...] = ()
    truth: Task | None
    if isinstance(data, str | PathLike):
        name, path = fspath(data), paths.existing(data)
        asked = with_columns(path, signature, asked)
        inputs = read_inputs(path, signature.modality, text=asked.text, image=asked.image)
        truth, notes = labels_at(path, signature, asked, seed)
    elif isinstance(data, tuple) and len(data) == 2:
        name = "(X, y)"
        X, y = data
        truth = from_arrays(
            X, y, modality=signature.modality, classes=signature.classes, metric=asked.metric, seed=seed
        )
        inputs = truth.inputs
    else:
        name, truth = "X", None
        inputs = inputs_from(data, signature.modality)
    if inputs.modality is not signature.modality:
        raise DataError(
            f"{inputs.modality}s",
            where=name,
            expected=f"{signature.modality}s, which the model takes",
            remedy="Give examples of the form that the model takes.",
        )
    if len(inputs) < LEAST_ROWS:
        raise DataError(
            f"{len(inputs)} examples",
            where=name,
            expected=f"at least {LEAST_ROWS}, some hundreds if you can",
            remedy="Add examples like those that the model is to answer; they need no labels.",
        )
    return drawn(name, inputs, truth, notes, seed)


def with_columns(path: Path, signature: Signature, asked: LoadOptions) -> LoadOptions:
    """The teacher's own column of texts or images, where none is named and the table has it."""
    content = signature.columns.get("content")
    if asked.text or asked.image or content not in columns_of(path):
        return asked
    is_image = signature.modality is Modality.IMAGE
    return replace(asked, image=content) if is_image else replace(asked, text=content)


def labels_at(
    path: Path, signature: Signature, asked: LoadOptions, seed: int
) -> tuple[Task | None, tuple[str, ...]]:
    """The labelled rows of the data at `path`, where it seems to have labels that the teacher knows.

    Raises:
        DataError: the label column was named, and it cannot be used.
    """
    named = asked.label is not None
    label = asked.label or signature.columns.get("label")
    if not named and not has_labels(path, label, signature.classes):
        return None, ()
    try:
        return load(path, replace(asked, label=label), seed=seed), ()
    except DataError as problem:
        if named:
            raise
        return None, (f"Its labels were not read: {problem.where}: {problem.found}.",)


def has_labels(path: Path, label: str | None, classes: Sequence[str]) -> bool:
    """Whether a table has the teacher's label column, or a folder subfolders named like its classes."""
    if label in columns_of(path):
        return True
    return path.is_dir() and bool(set(paths.listing(path)[0]) & set(classes))


def columns_of(path: Path) -> Sequence[str]:
    """Columns of the table that `path` is or, alone, holds; none where there is no table."""
    if path.is_dir():
        tables = [name for name in paths.listing(path)[1] if name.lower().endswith(SUFFIXES)]
        if len(tables) != 1:
            return ()
        path = path / tables[0]
    return open_table(path).columns if path.name.lower().endswith(SUFFIXES) else ()


def drawn(name: str, inputs: Inputs, truth: Task | None, notes: tuple[str, ...], seed: int) -> TransferSet:
    """All rows, or a random part of them where there are more than MOST_ROWS."""
    n_given, whole = len(inputs), truth.fingerprint if truth else ""
    if n_given > MOST_ROWS:
        rows = np.sort(generator(seed, "transfer set").choice(n_given, MOST_ROWS, replace=False))
        inputs = inputs.select(rows.tolist())
        notes = (*notes, f"{MOST_ROWS} of the {n_given} examples, drawn at random, were used.")
    if truth is None:
        return TransferSet(name, inputs, n_given, None, np.empty(0, np.int64), whole, notes)
    place = {one: row for row, one in enumerate(inputs.ids)}
    kept = [row for row, one in enumerate(truth.inputs.ids) if one in place]
    found = select(truth, kept) if kept else None
    labelled = np.array([place[truth.inputs.ids[row]] for row in kept], dtype=np.int64)
    return TransferSet(name, inputs, n_given, found, labelled, whole, notes)
