"""Pooled features, kept by the content of the example and by all that made them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from headstart.core import places
from headstart.sources import segments

CAP_BYTES = 20 * 10**9
LOW_WATER = 0.9  # clearing goes a bit below the cap, so that it is not needed again at once


class Rows(Protocol):
    """Something whose rows can be written: an array, or a sheet in a file."""

    def __setitem__(self, rows: NDArray[np.int64], features: NDArray[np.float32], /) -> None: ...


@dataclass(frozen=True)
class Shelf:
    """Features of one (weights, taps, input size, precision, view, preprocessing)."""

    folder: Path
    width: int

    def stored(self) -> Iterator[tuple[NDArray[np.bytes_], NDArray[np.float32]]]:
        """Every segment that can be read."""
        for path in sorted(self.folder.glob("*.safetensors")):
            segment = segments.read(path)
            if segment and segment[1].shape[1] == self.width:
                yield segment

    def fill(self, keys: NDArray[np.bytes_], sheet: Rows) -> NDArray[np.bool_]:
        """Write what is known about `keys` [n] into the rows of `sheet` [n, width]; which rows those are."""
        done = np.zeros(len(keys), dtype=bool)
        wanted, inverse = np.unique(keys, return_inverse=True)
        for known, features in self.stored():
            order = np.argsort(known)
            at = np.searchsorted(known, wanted, sorter=order).clip(max=len(known) - 1)
            hit = known[order[at]] == wanted
            rows = np.flatnonzero(hit[inverse] & ~done)
            sheet[rows] = features[order[at[inverse[rows]]]]
            done[rows] = True
        return done

    def known(self, keys: NDArray[np.bytes_]) -> NDArray[np.bool_]:
        """Which of `keys` [n] are kept here, by the segments' own word; no feature is read."""
        found = [segments.read_keys(path) for path in sorted(self.folder.glob("*.safetensors"))]
        return np.isin(keys, np.concatenate(found)) if found else np.zeros(len(keys), dtype=bool)

    def add(self, keys: NDArray[np.bytes_], features: NDArray[np.float32]) -> None:
        """Keep features [m, width]; when the disk does not take them, that is no failure."""
        if len(keys):
            segments.write(self.folder, keys, features)


class FeatureCache:
    """The shelves below one folder (default: ``cache/features``), capped in size."""

    def __init__(self, folder: Path | None = None, *, cap_bytes: int = CAP_BYTES) -> None:
        self.folder = folder or places.cache() / "features"
        self.cap_bytes = cap_bytes

    def shelf(self, facts: Sequence[str | int], width: int) -> Shelf:
        """The shelf for everything that, beside an example's content, decides its features."""
        name = sha256("\n".join(str(fact) for fact in facts).encode()).hexdigest()[:32]
        return Shelf(self.folder / name, width)

    def tidy(self) -> int:
        """Remove least recently used segments until the cap holds; bytes removed."""
        files = []
        for path in self.folder.glob("*/*"):
            with contextlib.suppress(FileNotFoundError):  # another process tidies too
                stat = path.stat()
                files.append((stat.st_mtime_ns, stat.st_size, path))
        total, removed = sum(size for _, size, _ in files), 0
        if total <= self.cap_bytes:
            return 0
        for _, size, path in sorted(files):
            path.unlink(missing_ok=True)
            removed += size
            if total - removed <= LOW_WATER * self.cap_bytes:
                break
        return removed
