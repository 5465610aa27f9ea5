"""Writes a recording episode by episode; what is in memory does not grow with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from headstart.sim import spaces
from headstart.sim.gathering.trajectories import HEADER, Episode, Header, Trajectory

GROUP_BYTES, GROUP_ROWS = 1 << 20, 16_384  # of observations: what a writer holds, beside one episode


class Writer:
    """Takes episodes; `episodes` are those that it has, in numbers."""

    def __init__(self, parquet: Any, header: Header) -> None:
        self._parquet, self._rows = parquet, 0
        self._waiting: list[Any] = []
        row_bytes = 4 * spaces.width(header.observation_space)
        self._most_rows = max(1, min(GROUP_ROWS, GROUP_BYTES // row_bytes))
        self.episodes: list[Episode] = []

    def add(self, one: Trajectory) -> None:
        """Take one episode."""
        import pyarrow as pa

        n, number = one.steps, len(self.episodes)
        columns = {
            "episode": [number] * (n + 1),
            "seed": [one.seed] * (n + 1),
            "step": range(n + 1),
            "observation": list(one.observations),
            "action": [*one.actions, None],
            "reward": [*one.rewards, None],
            "violation": [*one.violations, None],
            "ended": [None] * n + [one.ended],
        }
        schema = self._parquet.schema
        arrays = [pa.array(columns[field.name], field.type) for field in schema]
        self._waiting.append(pa.Table.from_arrays(arrays, schema=schema))
        self._rows += n + 1
        self.episodes.append(Episode.of(one))
        if self._rows >= self._most_rows:
            self.flush()

    def flush(self) -> None:
        """Write what waits as one row group."""
        import pyarrow as pa

        if self._waiting:
            table = pa.concat_tables(self._waiting).combine_chunks()
            self._parquet.write_table(table, row_group_size=table.num_rows)
            self._waiting, self._rows = [], 0


@contextmanager
def writing(file: Path, header: Header) -> Iterator[Writer]:
    """A writer of the new file `file`; the same header and episodes give the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    choice = header.action_space["type"] == "discrete"
    schema = pa.schema(
        [
            ("episode", pa.int32()),
            ("seed", pa.int64()),
            ("step", pa.int32()),
            ("observation", pa.list_(pa.float32())),
            ("action", pa.int64() if choice else pa.list_(pa.float32())),
            ("reward", pa.float64()),
            ("violation", pa.float64()),
            ("ended", pa.string()),
        ],
        metadata={HEADER: header.model_dump_json()},
    )
    with pq.ParquetWriter(file, schema, compression="zstd", write_page_checksum=True) as parquet:
        writer = Writer(parquet, header)
        yield writer
        writer.flush()
