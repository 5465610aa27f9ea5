"""A source made here from another one: the same network with other values in some of its tensors."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from headstart.core.source import Network, SourceCard
from headstart.sources import loading, portable, shelf

if TYPE_CHECKING:
    import torch


def derived(network: Network, tensors: Mapping[str, torch.Tensor], card: SourceCard) -> Network:
    """A loaded source in its own right; it stands on the shelf under its card's `weights_sha256`.

    `network` is as before afterwards. Tensors that the network does not have raise KeyError.
    """
    origin: Any = network
    key = f"derived-{card.weights_sha256}"
    entry = dataclasses.replace(origin.entry, card=card)
    if not shelf.has(key):
        with shelf.building(key) as folder:
            shutil.copytree(
                origin.folder,
                folder,
                ignore=shutil.ignore_patterns(shelf.RECORD, portable.ENTRY, loading.WEIGHTS),
                dirs_exist_ok=True,
            )
            state = network.module.state_dict()
            unknown = set(tensors) - set(state)
            if unknown:
                raise KeyError(min(unknown))
            loading.write_state(state | dict(tensors), folder / loading.WEIGHTS)
    return loading.load(entry, shelf.verify(key, where=card.id))
