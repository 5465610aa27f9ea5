"""Images as inputs: files or arrays, decoded one at a time; all are looked at once, when loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from headstart.core.kinds import Modality
from headstart.data import decoding


@dataclass(frozen=True, slots=True)
class Appearance:
    """What one look at an image found: content hash, shape, bytes, format and mode, thumbnail."""

    sha256: str
    width: int
    height: int
    n_bytes: int
    format: str
    mode: str
    thumbnail: bytes


class Images:
    """n images: `items` are paths relative to `root`, PIL images, or arrays [h, w(, 3)].

    `read` gives RGB, upright, reduced on decoding to about 1024 x 1024 pixels (the shape is kept): no source
    reads more. It is thread-safe; nothing is kept in memory.
    """

    modality = Modality.IMAGE

    def __init__(
        self, items: Sequence[Any], ids: Sequence[str], appearances: Sequence[Appearance], *, root: str = ""
    ) -> None:
        self.root = root
        self.items = items
        self.ids = tuple(ids)
        self.appearances = tuple(appearances)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def hashes(self) -> Sequence[str]:
        """[n] SHA-256 of the file's bytes, or of the pixels of an array."""
        return [appearance.sha256 for appearance in self.appearances]

    @property
    def thumbnails(self) -> NDArray[np.uint8]:
        """[n, side * side] grey thumbnails, see `perceptual`."""
        joined = b"".join(appearance.thumbnail for appearance in self.appearances)
        return np.frombuffer(joined, dtype=np.uint8).reshape(len(self), -1)

    def nuisances(self) -> dict[str, NDArray[Any]]:
        """What should not tell the classes apart: by name, [n] numbers or words."""
        seen = self.appearances
        return {
            "width": np.array([a.width for a in seen], dtype=np.float64),
            "height": np.array([a.height for a in seen], dtype=np.float64),
            "file size": np.array([a.n_bytes for a in seen], dtype=np.float64),
            "file format": np.array([a.format for a in seen]),
            "colour mode": np.array([a.mode for a in seen]),
        }

    def read(self, index: int) -> Image.Image:
        """Image `index` in mode RGB."""
        return read_item(self.items[index], self.root)

    def locate(self, index: int) -> str:
        """The file's path, or the place in the list."""
        item = self.items[index]
        return (Path(self.root) / item).as_posix() if isinstance(item, str) else f"image {self.ids[index]}"

    def select(self, rows: Sequence[int]) -> Self:
        """The same images, only `rows`, in that order."""
        kept = [int(row) for row in rows]
        return type(self)(
            [self.items[row] for row in kept],
            [self.ids[row] for row in kept],
            [self.appearances[row] for row in kept],
            root=self.root,
        )


def read_item(item: Any, root: str) -> Image.Image:
    """One file, PIL image or array as RGB of at most about 1024 x 1024 pixels."""
    if isinstance(item, str):
        return decoding.decode(decoding.open_bytes((Path(root) / item).read_bytes()))
    if isinstance(item, Image.Image):
        return decoding.decode(item.copy())
    return decoding.decode(decoding.from_array(np.asarray(item)))


def content_hash(data: bytes, *shape: Any) -> str:
    """SHA-256 of bytes, and of what else it takes to tell two arrays apart."""
    digest = hashlib.sha256(data)
    for part in shape:
        digest.update(str(part).encode())
    return digest.hexdigest()
