"""Sources of the knowledge store: they stand beside the public ones under ``store:NAME``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from headstart.core.errors import SourceError, StoreError
from headstart.core.kinds import Modality
from headstart.core.source import Network, Source, SourceCard
from headstart.recipes.opening import Opened
from headstart.recipes.tuned_sources import TunedSource, overlap
from headstart.sources import portable, resolve
from headstart.sources.ids import STORE
from headstart.sources.packed import PackedSource
from headstart.store import ObjectKind, Store, StoredObject

SUPERVISED = "supervised"  # what the card's `method` says of a source that learned from labels


@dataclass(frozen=True)
class StoredSource:
    """A source in the store; its card is read from the store's index, its files only when it is loaded."""

    store: Store
    object: StoredObject

    @property
    def id(self) -> str:
        """``store:NAME@VERSION``."""
        return f"{STORE}{self.object.id}"

    @cached_property
    def card(self) -> SourceCard:
        """The facts, as they were when it was kept."""
        try:
            return replace(portable.card(self.object.card["source"]), id=self.id, download_bytes=0)
        except (KeyError, TypeError, ValueError) as error:
            raise StoreError(
                f"its card describes no source ({error})",
                where=self.id,
                expected="what `develop` or `store add` kept",
            ) from error

    def fetch(self, *, offline: bool = False) -> None:
        """Nothing: it is here."""

    def load(self) -> Network:
        """The network; every file is checked against its hash on the way."""
        return PackedSource(self.store.open_files(self.object), self.id).load()

    def has_learned_from(self, data: Opened) -> int:
        """How many of these examples it has seen with their labels (0 where that is not recorded)."""
        return overlap(self.store, self.object, data) if self.object.card.get("method") == SUPERVISED else 0


FromStore = StoredSource | TunedSource


def resolved(id: str, store: Store) -> Source:
    """The source with this id, the store's among them.

    Raises:
        SourceError: no such source. StoreError: no such object, or one that holds no source.
    """
    if not id.startswith(STORE):
        return resolve(id)
    found = store.get(id.removeprefix(STORE))
    if found.kind is ObjectKind.SOURCE:
        return StoredSource(store, found)
    if found.kind in (ObjectKind.MODEL, ObjectKind.RUN):
        return TunedSource(store, found)
    raise SourceError(
        f"{found.id} is a {found.kind.value}",
        where=id,
        expected="a source, or a model or run with a tuned network in it",
        remedy="`headstart store ls` lists what is kept.",
    )


def developed(
    store: Store, modality: Modality, licence: Literal["permissive", "any"]
) -> tuple[StoredSource, ...]:
    """The newest version of every source in the store that reads this modality, by name."""
    newest = {found.name: found for found in store.ls() if found.kind is ObjectKind.SOURCE}
    sources = (StoredSource(store, found) for found in newest.values())
    return tuple(
        source
        for source in sources
        if source.card.modality is modality and (source.card.permissive or licence == "any")
    )
