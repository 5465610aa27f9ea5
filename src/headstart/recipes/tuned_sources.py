"""A tuned network of a stored model or run, as a source for the next task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from headstart.core.errors import SourceError
from headstart.core.source import Network, SourceCard
from headstart.data import seen_rows
from headstart.how.predictor import TunedNetwork
from headstart.recipes.opening import Opened
from headstart.serve.folder import checked
from headstart.sources import portable
from headstart.sources.developed import on_the_shelf
from headstart.sources.ids import STORE
from headstart.store import Store, StoredObject


@dataclass(frozen=True)
class TunedSource:
    """The heaviest tuned network in a stored model; of the models of its folds the first.

    Fold models vote in the model itself. Their weights are not averaged, which lost up to 17
    points (docs/how.md), and one of them is as good a start as another.
    """

    store: Store
    object: StoredObject

    @property
    def id(self) -> str:
        """``store:NAME@VERSION``."""
        return f"{STORE}{self.object.id}"

    @cached_property
    def _checked(self) -> tuple[Path, Mapping[str, Any]]:
        return checked(self.store.open_files(self.object))

    @property
    def folder(self) -> Path:
        """The model's folder, every file checked."""
        return self._checked[0]

    @property
    def document(self) -> Mapping[str, Any]:
        """Its ``model.json``."""
        return self._checked[1]

    @cached_property
    def place(self) -> int:
        """The number of its heaviest tuned member.

        Raises:
            SourceError: it has none: it reads public sources as they are.
        """
        members = self.document["members"]
        tuned = [i for i, member in enumerate(members) if member["kind"] == TunedNetwork.kind]
        if not tuned:
            reads = ", ".join(self.document["sources"]) or "no network at all"
            raise SourceError(
                "holds no tuned network",
                where=self.id,
                expected="a model whose networks were tuned",
                remedy=f"It reads {reads}: what it knows beyond that is only its head.",
            )
        return max(tuned, key=lambda i: members[i]["weight"])

    @property
    def origin(self) -> str:
        """The id of the source that was tuned."""
        source: str = self.document["members"][self.place]["config"]["source"]
        return source

    @cached_property
    def card(self) -> SourceCard:
        """The facts of the source that was tuned, with what became of it."""
        below = portable.packed(self.folder / self.document["sources"][self.origin]).card
        weights = sha256(f"{self.object.sha256} {self.place} 0".encode()).hexdigest()
        about = self.object.card.get("task", {}).get("id", "")
        return replace(
            below,
            id=self.id,
            name=f"{below.name}, tuned on {about}" if about else f"{below.name}, tuned",
            weights_sha256=weights,
            download_bytes=0,
            parents=(self.object.sha256, below.weights_sha256),
            standing=None,
        )

    def fetch(self, *, offline: bool = False) -> None:
        """Nothing: it is here."""

    def load(self) -> Network:
        """The network with the first fold model's tensors in place of the source's."""
        import torch
        from safetensors.numpy import load_file

        start = f"{self.place}.0/tensors/"
        arrays = load_file(self.folder / "arrays.safetensors")
        tensors = {
            name.removeprefix(start): torch.from_numpy(value)
            for name, value in arrays.items()
            if name.startswith(start)
        }
        below = portable.unpack(self.folder / self.document["sources"][self.origin])
        return on_the_shelf(below, tensors, self.card)

    def has_learned_from(self, data: Opened) -> int:
        """How many of these examples it was tuned on; 0 where that is not recorded."""
        return overlap(self.store, self.object, data)


def overlap(store: Store, kept: StoredObject, data: Opened) -> int:
    """How many of the run's examples, test data included, are among those that the object recorded."""
    if seen_rows.FILE not in {file.path for file in kept.files}:
        return 0
    known = seen_rows.parsed(store.read_file(kept, seen_rows.FILE), kept.id)
    return seen_rows.shared(known, data.rows)
