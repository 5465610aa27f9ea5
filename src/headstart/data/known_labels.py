"""Labels of data for a task that is known already: its test data."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

import numpy as np

from headstart.core.errors import DataError
from headstart.core.finding import Finding
from headstart.core.kinds import Kind
from headstart.data import notes, spelling
from headstart.data.cells import class_name
from headstart.data.quantities import read_quantities
from headstart.data.targets import Targets, present


def read_known(
    cells: Sequence[Any], places: Sequence[str], classes: Sequence[str], *, normalize: bool, where: str
) -> Targets:
    """Targets as indices into `classes`, which need not all occur; regression when there are none.

    Raises:
        DataError: no labels, or a label that is none of the classes.
    """
    if not classes:
        return read_quantities(cells, places, guessed=False, where=where, least_distinct=1)
    there, found = present(cells, places, where)
    names = [class_name(cells[row]) for row in there]
    index = {name: at for at, name in enumerate(classes)}
    odd = [at for at, name in enumerate(names) if name not in index]
    meant = {spelling.folded(name): name for name in classes}
    for at in odd:
        if spelling.folded(names[at]) not in meant:
            raise _unknown(names[at], places[there[at]], classes)
    if odd and not normalize:
        raise spelling.refusal(names, [places[row] for row in there], odd, meant)
    if odd:
        found.append(_merged(names, [places[row] for row in there], odd))
    values = np.array(
        [index.get(name, index[meant[spelling.folded(name)]]) for name in names], dtype=np.int64
    )
    return Targets(values, tuple(classes), Kind.CLASSIFICATION, there, tuple(found))


def _merged(names: Sequence[str], places: Sequence[str], odd: Sequence[int]) -> Finding:
    said = f"{len(odd)} labels were read as the class that they differ from by case or blanks."
    return notes.MERGED_LABELS(said, [places[at] for at in odd], applied="Merged.")


def _unknown(name: str, place: str, classes: Sequence[str]) -> DataError:
    near = difflib.get_close_matches(name, classes, n=1)
    return DataError(
        f"{name!r} is not one of the {len(classes)} classes ({spelling.quoted(classes)})",
        where=place,
        remedy=f"Did you mean {near[0]!r}?"
        if near
        else "Correct the label, or add the class to the training data.",
    )
