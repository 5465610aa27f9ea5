"""A source that lies packed in a folder, as the knowledge store and model folders keep it."""

from __future__ import annotations

import dataclasses
from functools import cached_property
from pathlib import Path

from headstart.core.source import Network, SourceCard
from headstart.sources import loading, portable
from headstart.sources.catalogue import Entry


class PackedSource:
    """The source in `folder`, which `headstart.sources.portable.pack` wrote, under the id it goes by here."""

    def __init__(self, folder: Path, id: str) -> None:
        self.folder, self.id = folder, id

    def __repr__(self) -> str:
        return f"PackedSource({self.id!r})"

    @cached_property
    def entry(self) -> Entry:
        """What is known about it."""
        entry = portable.packed(self.folder)
        return dataclasses.replace(entry, card=dataclasses.replace(entry.card, id=self.id, download_bytes=0))

    @property
    def card(self) -> SourceCard:
        """The facts."""
        return self.entry.card

    def fetch(self, *, offline: bool = False) -> None:
        """Nothing: it is here."""

    def load(self) -> Network:
        """The network in float32 on the CPU, in evaluation mode."""
        return loading.load(self.entry, self.folder)
