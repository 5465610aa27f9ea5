"""`evidence.parquet`: every out-of-fold prediction of every candidate and control, one row each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.evidence import Evidence
from headstart.core.folds import Folds
from headstart.core.kinds import Kind
from headstart.core.task import Task

if TYPE_CHECKING:
    import pyarrow as pa


def write_evidence(path: Path, evidence: Sequence[Evidence], task: Task, folds: Folds) -> None:
    """Write `example_id, candidate, repeat, fold, truth, prediction, p_<class>…`.

    One row group per candidate and repeat, so memory stays at one of them. Rows that a candidate did not
    run (NaN) are left out. Probabilities are float32, enough for every score and half the size.
    """
    import pyarrow.parquet as pq

    with pq.ParquetWriter(path, _schema(task), compression="zstd") as writer:
        for one in evidence:
            for repeat in range(one.predictions.shape[0]):
                # Evidence that is already averaged has one repeat, whatever the folds have.
                assignment = folds.assignment[min(repeat, folds.n_repeats - 1)]
                rows = np.flatnonzero(np.isfinite(one.predictions[repeat]).all(axis=1))
                if len(rows):
                    writer.write_table(_table(one, repeat, rows, assignment, task))


def _schema(task: Task) -> pa.Schema:
    import pyarrow as pa

    words = pa.dictionary(pa.int32(), pa.string())
    answer = words if task.kind is Kind.CLASSIFICATION else pa.float64()
    fields = [
        ("example_id", pa.string()),
        ("candidate", words),
        ("repeat", pa.int16()),
        ("fold", pa.int16()),
        ("truth", answer),
        ("prediction", answer),
    ]
    return pa.schema(fields + [(f"p_{name}", pa.float32()) for name in task.classes])


def _table(
    one: Evidence, repeat: int, rows: NDArray[np.int64], assignment: NDArray[np.int64], task: Task
) -> pa.Table:
    import pyarrow as pa

    values = one.predictions[repeat][rows]
    ids = task.inputs.ids
    columns: list[Any] = [
        pa.array([str(ids[row]) for row in rows]),
        pa.DictionaryArray.from_arrays(np.zeros(len(rows), np.int32), [one.candidate.id]),
        np.full(len(rows), repeat, np.int16),
        assignment[rows].astype(np.int16),
    ]
    if task.kind is Kind.CLASSIFICATION:
        names = pa.array(task.classes)
        for index in (task.targets[rows], values.argmax(axis=1)):
            columns.append(pa.DictionaryArray.from_arrays(index.astype(np.int32), names))
        columns += [values[:, k].astype(np.float32) for k in range(len(task.classes))]
    else:
        columns += [np.asarray(task.targets[rows], np.float64), values[:, 0]]
    return pa.table(columns, schema=_schema(task))
