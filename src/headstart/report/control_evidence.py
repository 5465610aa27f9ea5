"""`evidence.parquet` of a control run: every return that a learner was judged by on the way."""

from __future__ import annotations

from pathlib import Path

from headstart.core.control import ControlRecord
from headstart.report.whole_file import write_whole

COLUMNS = ("candidate", "seed", "step", "episode", "return")


def write_control_evidence(file: Path, control: ControlRecord) -> None:
    """One row for each episode of each look of each learner."""
    rows = [
        (arm.candidate, learner.seed, point.step, episode, value)
        for arm in control.arms
        for learner in arm.learners
        for point in learner.points
        for episode, value in enumerate(point.returns)
    ]
    write_whole(file, lambda part: _fill(part, rows))


def _fill(part: Path, rows: list[tuple[str, int, int, int, float]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = (pa.string(), pa.int64(), pa.int64(), pa.int64(), pa.float64())
    columns = zip(*rows, strict=True) if rows else [()] * len(COLUMNS)
    arrays = [pa.array(list(column), kind) for column, kind in zip(columns, types, strict=True)]
    pq.write_table(pa.table(arrays, names=list(COLUMNS)), part)
