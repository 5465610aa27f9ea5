"""Open the task that must not be forgotten (``--keep``): labelled data, apart from the target's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import DataError
from headstart.core.seeds import generator
from headstart.core.task import Task
from headstart.core.thinning import evenly
from headstart.data import LoadOptions, load, overlap, select
from headstart.data import folds as make_folds
from headstart.data.tables import SUFFIXES, open_table
from headstart.how.retention import SourceTask
from headstart.sources.ids import STORE

MOST_ROWS = 1000  # half of them score: a standard error of 2 points at worst, a few passes each
LEAST_ROWS = 40  # half of them score; with fewer no forgetting short of ruin could be seen


@dataclass(frozen=True)
class Kept:
    """The source task without the rows that the target has too; `left_out` counts those."""

    task: Task
    left_out: int


def opened(path: str, target: Task, options: LoadOptions) -> Kept:
    """Read the source task's data; of large data MOST_ROWS are drawn.

    Columns are those of `options` where the table has them, otherwise guessed; kind and metric are its own.

    Raises:
        DataError: it is no data, of another modality, of one class, or nothing is left beside the target.
    """
    if path.startswith(STORE):
        raise DataError(
            "the store keeps what a source learned, not the examples it learned from",
            where=path,
            expected="labelled data of the task that the source must not forget",
            remedy="Pass the data: --keep DATA. A stored source's own head is found and used by itself.",
        )
    given = load(path, _own_options(path, options), seed=target.seed)
    if given.modality is not target.modality:
        raise DataError(
            f"{given.modality.value}s",
            where=path,
            expected=f"{target.modality.value}s, as the data to learn from",
            remedy="A network that was tuned on one can only be asked what it still knows of the same.",
        )
    given = _thinned(given)
    known = overlap(target, given).rows
    rows = np.setdiff1d(np.arange(len(given)), known)
    if len(rows) < LEAST_ROWS or (given.classes and len(np.unique(given.targets[rows])) < 2):
        beside = (
            f"{len(known)} of its {len(given)} rows are in the data to learn from too; " if len(known) else ""
        )
        raise DataError(
            f"{beside}too little is left to score by" if beside else f"{len(given)} rows",
            where=path,
            expected=f"{LEAST_ROWS} rows or more of two classes or more, apart from the data to learn from",
            remedy="Pass more labelled data of the source task, or leave --keep out.",
        )
    return Kept(select(given, rows), len(known))


def _own_options(path: str, options: LoadOptions) -> LoadOptions:
    """The columns that the user named for the target, where this table has them too; the rest is its own."""
    file = Path(path).expanduser()
    columns: tuple[str, ...] = ()
    if file.is_file() and file.suffix.lower() in SUFFIXES:
        columns = open_table(file).columns

    def there(column: str | None) -> str | None:
        return column if column in columns else None

    return LoadOptions(
        label=there(options.label),
        text=there(options.text),
        image=there(options.image),
        groups=there(options.groups),
        normalize_labels=options.normalize_labels,
    )


def _thinned(task: Task) -> Task:
    if len(task) <= MOST_ROWS:
        return task
    drawn = generator(task.seed, "keep").choice(len(task), MOST_ROWS, replace=False)
    return select(task, np.sort(drawn))


def divided(task: Task, seen: NDArray[np.bool_], most: int) -> tuple[SourceTask, bool]:
    """`most` rows at most, half to fit heads on, half to score; and whether a source knows the scored ones.

    Rows that the source learned from (`seen` [n]) would flatter it: they score only where too few others are.
    """
    fresh = np.flatnonzero(~seen)
    flattered = len(fresh) < LEAST_ROWS // 2
    halves = make_folds(task, n_folds=2, n_repeats=1).assignment[0]
    scored = np.flatnonzero(halves == 1)
    if not flattered:
        among = np.intersect1d(scored, fresh)
        scored = among if len(among) >= LEAST_ROWS // 2 else fresh
    fit = np.setdiff1d(np.arange(len(task)), scored)
    half = max(most // 2, LEAST_ROWS // 2)
    scored, fit = (part[evenly(len(part), half)] for part in (scored, fit))
    rows = np.sort(np.concatenate([fit, scored]))
    return SourceTask(
        select(task, rows), np.searchsorted(rows, fit), np.searchsorted(rows, scored)
    ), flattered
