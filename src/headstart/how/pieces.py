"""The finished fits of a run, kept in its folder: whoever continues the run takes them instead of fitting.

The race decides by scores, never by time (where no time limit binds). So with the same fits it decides the
same, whichever process bought them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.watch import Watch
from headstart.how.fold_model import FoldModel
from headstart.training import sealed
from headstart.training.checkpoint import Checkpoint
from headstart.training.sealed import Sealed

HEAD = ("weight", "bias", "scores")


@dataclass(frozen=True)
class Piece:
    """One finished fit: its model, the scores [m, k] of the rows that it left out, its price in seconds."""

    model: FoldModel
    scores: NDArray[np.float64]
    cost_s: float


class Pieces:
    """Fits in a folder, each whole or not at all, each under the name of all that it was made from.

    `origin` names what all fits of the run share and their own facts do not: the data, the seed.
    """

    def __init__(self, folder: Path, origin: Sequence[Any], watch: Watch) -> None:
        self.folder, self.watch = folder, watch
        self._origin = (sealed.surroundings(), *origin)

    def has(self, facts: Sequence[Any]) -> bool:
        """Whether a fit is there, by its name alone."""
        return self._path(facts).exists()

    def take(self, facts: Sequence[Any]) -> Piece | None:
        """The fit with these facts, or None; a damaged one is removed, and said."""
        path = self._path(facts)
        if not path.exists():
            return None
        found = sealed.read(path, self._name(facts))
        if found is None:
            self.watch.say(f"{path.name} is damaged: left out, fitted anew")
            return None
        weight, bias, scores = (found.tensors[name].numpy() for name in HEAD)
        start = "tensors/"
        moved = {
            name.removeprefix(start): tensor
            for name, tensor in found.tensors.items()
            if name.startswith(start)
        }
        return Piece(FoldModel(moved, weight, bias), scores, found.record["cost_s"])

    def keep(self, facts: Sequence[Any], piece: Piece) -> None:
        """Bring a fit to the disk; one that does not take it is no reason to fail."""
        import torch

        path = self._path(facts)
        numbers = (piece.model.weight, piece.model.bias, piece.scores)
        tensors = {
            name: torch.from_numpy(np.ascontiguousarray(part))
            for name, part in zip(HEAD, numbers, strict=True)
        }
        tensors |= {f"tensors/{name}": tensor for name, tensor in piece.model.tensors.items()}
        try:
            sealed.write(path, self._name(facts), Sealed(tensors, {"cost_s": piece.cost_s}))
        except OSError as error:
            self.watch.say(f"cannot be kept for --resume: {path} ({error.strerror})")

    def checkpoint(self, facts: Sequence[Any]) -> Checkpoint:
        """Where the fit with these facts is kept while it lasts."""
        name = self._name(facts)
        return Checkpoint(self.folder / f"{name[:24]}.tuning", (name,), watch=self.watch)

    def _path(self, facts: Sequence[Any]) -> Path:
        return self.folder / f"{self._name(facts)[:24]}.fit"

    def _name(self, facts: Sequence[Any]) -> str:
        return sealed.origin_of(*self._origin, *facts)
