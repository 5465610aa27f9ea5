"""A source inside a model folder: its files as they lie on the shelf, and its entry as JSON.

A model folder is complete in itself: it loads where there is no cache, no network and no catalogue.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from headstart.core.errors import OutputError, SourceError
from headstart.core.kinds import Modality
from headstart.core.source import Network, SourceCard
from headstart.sources import loading, shelf
from headstart.sources.catalogue import Architecture, Entry

ENTRY = "entry.json"


def pack(network: Network, folder: Path) -> None:
    """Write the source of a loaded network into a new `folder`.

    Raises:
        SourceError: the source's files are gone or damaged.
    """
    loaded: Any = network
    require_whole(network)
    shutil.copytree(loaded.folder, folder, ignore=shutil.ignore_patterns(ENTRY))
    (folder / ENTRY).write_text(json.dumps(record(loaded.entry), indent=1), encoding="utf-8")


def require_whole(network: Network) -> None:
    """Raise SourceError where the files of a loaded network are no longer what they were."""
    loaded: Any = network
    damaged = shelf.changed(loaded.folder)
    if damaged:
        raise SourceError(
            f"{damaged} is gone or damaged since the source was loaded",
            where=str(loaded.folder),
            remedy=f"Bring it again: headstart fetch {network.card.id}",
        )


def unpack(folder: Path) -> Network:
    """The network that `pack` wrote.

    Raises:
        OutputError: the folder is not one.
        SourceError: weights that are damaged or do not fit.
    """
    return loading.load(packed(folder), folder)


def packed(folder: Path) -> Entry:
    """What `pack` wrote about the source; its weights are not looked at.

    Raises:
        OutputError: it cannot be read.
    """
    try:
        return entry(json.loads((folder / ENTRY).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise OutputError(
            f"the source's entry cannot be read ({error})",
            where=str(folder / ENTRY),
            remedy="Restore the model folder from a copy, or fit again.",
        ) from None


def record(described: Entry) -> dict[str, Any]:
    """What is needed to load an entry again, as JSON."""
    return {
        "card": asdict(described.card),
        "architecture": asdict(described.architecture),
        "preprocessing": dict(described.preprocessing),
    }


def entry(found: dict[str, Any]) -> Entry:
    """The inverse of `record`; raises KeyError or TypeError where something is missing."""
    return Entry(
        card=card(found["card"]),
        wheels=(),
        files=(),
        architecture=Architecture(**found["architecture"]),
        mapping={},
        preprocessing=found["preprocessing"],
        check=None,
        gmacs=0.0,
        reference_size=0,
    )


def card(found: Mapping[str, Any]) -> SourceCard:
    """A source card from its JSON; raises KeyError or TypeError where something is missing."""
    lists = {key: tuple(found[key]) for key in ("input_sizes", "parents")}
    return SourceCard(**{**found, **lists, "modality": Modality(found["modality"])})
