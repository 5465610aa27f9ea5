"""Where the rows of features are gathered: in memory while they are few, in a file while they are many."""

from __future__ import annotations

import tempfile
import weakref
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

IN_MEMORY_BYTES = 64 << 20


class Sheet:
    """An [n, width] float32 array, filled row by row.

    Beyond IN_MEMORY_BYTES it lies in a temporary file and is written with plain writes: pages of a written
    map would count as the process's own memory. The file goes when nobody holds an array of it.
    """

    def __init__(self, n: int, width: int, folder: Path) -> None:
        self.shape = (n, width)
        self._array: NDArray[np.float32] | None = None
        if n * width * 4 <= IN_MEMORY_BYTES:
            self._array = np.zeros((n, width), dtype=np.float32)
            return
        folder.mkdir(parents=True, exist_ok=True)
        self._file = tempfile.NamedTemporaryFile(prefix=".sheet-", dir=folder)  # noqa: SIM115
        self._file.truncate(n * width * 4)

    def __setitem__(self, rows: NDArray[np.int64], features: NDArray[np.float32]) -> None:
        if self._array is not None:
            self._array[rows] = features
            return
        row_bytes = self.shape[1] * 4
        for row, values in zip(rows.tolist(), np.ascontiguousarray(features, dtype=np.float32), strict=True):
            self._file.seek(row * row_bytes)
            self._file.write(values.data)

    def array(self) -> NDArray[np.float32]:
        """The whole, read-only when it lies in a file."""
        if self._array is not None:
            return self._array
        self._file.flush()
        mapped = np.memmap(self._file.name, dtype=np.float32, mode="r", shape=self.shape)
        weakref.finalize(mapped, self._file.close)
        return mapped
