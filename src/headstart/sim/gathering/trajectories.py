"""Recorded episodes: one Parquet file, written group by group and read back the same way.

A row is a step: ``episode``, ``seed``, ``step``, ``observation`` (what was seen before it, laid out flat),
``action``, ``reward``, ``violation`` (safety limits broken in it). Behind the last step of an episode stands
one more row: the observation that it left behind, and in ``ended`` why: ``terminated`` by the environment,
``truncated`` at its time limit, ``cut`` at the recording's cap, ``left`` by the player. What was recorded, by
whom and under which contract is the header, JSON in the file's metadata. Nothing is pickled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from headstart.core.errors import DataError
from headstart.core.record import Record
from headstart.sim import spaces
from headstart.sim.contract import Signature

Ended = Literal["terminated", "truncated", "cut", "left"]
FILE = "trajectories.parquet"  # its name inside the store
HEADER = b"headstart.trajectories"  # the key in the file's metadata
BATCH_ROWS = 4096  # read at a time
REMEDY = "Record again with `headstart sim record`."


class Header(Record):
    """What is known of a recording before its first step.

    `demonstrator`: who acted, in words; `demonstrator_sha256`: of the policy, "" where it was none.
    `signature`: of the environment; null where it could not be read.
    """

    format: Literal[1] = 1
    environment: str
    demonstrator: str
    demonstrator_sha256: str = ""
    observation_space: dict[str, Any]
    action_space: dict[str, Any]
    signature: Signature | None = None
    seed: int
    most_steps: int
    versions: dict[str, str] = Field(default={})


@dataclass(frozen=True, slots=True)
class Trajectory:
    """One episode: `observations` [t + 1, obs] float32, `actions` [t, act] float32 or [t] int64 (choices),
    `rewards` [t], `violations` [t] (safety limits broken in each step), why it ended.
    """

    seed: int
    observations: NDArray[np.float32]
    actions: NDArray[Any]
    rewards: NDArray[np.float64]
    violations: NDArray[np.float64]
    ended: Ended

    @property
    def returned(self) -> float:
        """The sum of its rewards."""
        return float(self.rewards.sum())

    @property
    def steps(self) -> int:
        """Its length."""
        return len(self.rewards)


@dataclass(frozen=True, slots=True)
class Episode:
    """An episode in numbers; `violations` in all of it."""

    seed: int
    steps: int
    returned: float
    violations: float
    ended: Ended

    @classmethod
    def of(cls, one: Trajectory) -> Episode:
        """The numbers of a trajectory."""
        return cls(one.seed, one.steps, one.returned, float(one.violations.sum()), one.ended)


@dataclass(frozen=True)
class Trajectories:
    """A recording on disk: its header and its episodes in numbers; iterating reads them one by one."""

    header: Header
    episodes: tuple[Episode, ...]
    file: Path

    @classmethod
    def load(cls, file: str | Path) -> Trajectories:
        """Read a recording once through, checking every value.

        Raises:
            DataError: no recording, a damaged one, or one with values that are no numbers.
        """
        header = _header(Path(file))
        return cls(header, tuple(Episode.of(one) for one in _read(Path(file), header)), Path(file))

    def __len__(self) -> int:
        """How many episodes."""
        return len(self.episodes)

    def __iter__(self) -> Iterator[Trajectory]:
        """Episode by episode, in the order in which they were recorded; one is in memory at a time."""
        return _read(self.file, self.header)

    @property
    def steps(self) -> int:
        """Steps of all episodes."""
        return sum(one.steps for one in self.episodes)

    @property
    def returns(self) -> tuple[float, ...]:
        """Returns of the whole episodes; those that were left by the player are no measure of anything."""
        return tuple(one.returned for one in self.episodes if one.ended != "left")


def _header(file: Path) -> Header:
    import pyarrow as pa
    import pyarrow.parquet as pq
    from pydantic import ValidationError

    if not file.is_file():
        raise DataError("there is no such recording", where=str(file), remedy=REMEDY)
    try:
        metadata = pq.read_schema(file).metadata or {}
        return Header.model_validate_json(metadata[HEADER])
    except KeyError:
        raise DataError("a Parquet file, but not a recording", where=str(file), remedy=REMEDY) from None
    except ValidationError as error:
        first = error.errors()[0]
        found = f"its header is damaged, or of a newer version ({'.'.join(map(str, first['loc']))})"
        raise DataError(found, where=str(file), remedy=REMEDY) from None
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"it cannot be read ({_first(error)})", where=str(file), remedy=REMEDY) from None


def _read(file: Path, header: Header) -> Iterator[Trajectory]:
    """Every episode, checked.

    Raises:
        DataError: a part is missing, damaged, or no number.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows: list[dict[str, Any]] = []
    try:
        with pq.ParquetFile(file, page_checksum_verification=True) as parquet:
            for batch in parquet.iter_batches(BATCH_ROWS):
                for row in batch.to_pylist():
                    rows.append(row)
                    if row["ended"] is not None:
                        yield _trajectory(rows, header)
                        rows = []
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError) as error:
        raise DataError(f"it is damaged ({_first(error)})", where=str(file), remedy=REMEDY) from None
    if rows:
        raise DataError("its last episode has no end", where=str(file), remedy=REMEDY)


def _trajectory(rows: list[dict[str, Any]], header: Header) -> Trajectory:
    """The rows of one episode as arrays; ValueError where they are none."""
    steps, last = rows[:-1], rows[-1]
    if [row["step"] for row in rows] != list(range(len(rows))) or len({row["episode"] for row in rows}) > 1:
        raise ValueError(f"episode {last['episode']} has no unbroken row of steps")
    if last["ended"] not in ("terminated", "truncated", "cut", "left"):
        raise ValueError(f"episode {last['episode']} ended {last['ended']!r}")
    choice, n = header.action_space["type"] == "discrete", len(steps)
    seen = np.array([row["observation"] for row in rows], dtype=np.float32)
    acts = np.array([row["action"] for row in steps], dtype=np.int64 if choice else np.float32)
    rewards = np.array([row["reward"] for row in steps], dtype=np.float64)
    broken = np.array([row["violation"] for row in steps], dtype=np.float64)
    shape = (n,) if choice else (n, spaces.width(header.action_space))
    if seen.shape != (n + 1, spaces.width(header.observation_space)) or (n and acts.shape != shape):
        raise ValueError(f"episode {last['episode']} has observations or actions of another width")
    if not all(np.isfinite(part).all() for part in (seen, acts, rewards, broken)):
        raise ValueError(f"episode {last['episode']} holds a value that is no number")
    return Trajectory(last["seed"], seen, acts.reshape(shape), rewards, broken, cast(Ended, last["ended"]))


def _first(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
