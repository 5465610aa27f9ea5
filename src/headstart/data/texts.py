"""Texts as inputs: kept in a list, or in files that are read one at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from headstart.core.kinds import Modality
from headstart.data import encodings


def text_hash(text: str) -> str:
    """SHA-256 of a text, the same in every encoding it was stored in."""
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()


class Texts:
    """n texts in memory; `places` says where each came from (row numbers of the table `source`, from 1)."""

    modality = Modality.TEXT

    def __init__(
        self,
        texts: Sequence[str],
        ids: Sequence[str],
        *,
        source: str = "",
        places: Sequence[int] | None = None,
    ) -> None:
        self.texts = tuple(texts)
        self.ids = tuple(ids)
        self.source = source
        self.places = places

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def hashes(self) -> Sequence[str]:
        """[n] SHA-256 of the texts."""
        return [text_hash(text) for text in self.texts]

    def nuisances(self) -> dict[str, NDArray[Any]]:
        """What should not tell the classes apart: by name, [n] numbers or words."""
        return {"length": np.array([len(text) for text in self.texts], dtype=np.float64)}

    def read(self, index: int) -> str:
        """Text `index`."""
        return self.texts[index]

    def locate(self, index: int) -> str:
        """``data.csv, row 214``, or the place in the list."""
        if self.places is None:
            return f"text {self.ids[index]}"
        return f"{self.source}, row {self.places[index]}"

    def select(self, rows: Sequence[int]) -> Self:
        """The same texts, only `rows`, in that order."""
        kept = [int(row) for row in rows]
        places = None if self.places is None else [self.places[row] for row in kept]
        return type(self)(
            [self.texts[row] for row in kept],
            [self.ids[row] for row in kept],
            source=self.source,
            places=places,
        )


class TextFiles:
    """n text files, paths relative to `root`, decoded with the codec that was found when they were loaded."""

    modality = Modality.TEXT

    def __init__(
        self,
        names: Sequence[str],
        codecs: Sequence[str],
        hashes: Sequence[str],
        lengths: Sequence[int],
        *,
        root: str,
    ) -> None:
        self.root = root
        self.ids = tuple(names)
        self.codecs = tuple(codecs)
        self.hashes: Sequence[str] = tuple(hashes)
        self.lengths = tuple(lengths)

    def __len__(self) -> int:
        return len(self.ids)

    def nuisances(self) -> dict[str, NDArray[Any]]:
        """What should not tell the classes apart: by name, [n] numbers or words."""
        return {"length": np.array(self.lengths, dtype=np.float64), "encoding": np.array(self.codecs)}

    def read(self, index: int) -> str:
        """Text `index`."""
        return encodings.decode((Path(self.root) / self.ids[index]).read_bytes(), self.codecs[index])

    def locate(self, index: int) -> str:
        """The file's path."""
        return (Path(self.root) / self.ids[index]).as_posix()

    def select(self, rows: Sequence[int]) -> Self:
        """The same files, only `rows`, in that order."""
        kept = [int(row) for row in rows]
        return type(self)(
            [self.ids[row] for row in kept],
            [self.codecs[row] for row in kept],
            [self.hashes[row] for row in kept],
            [self.lengths[row] for row in kept],
            root=self.root,
        )
