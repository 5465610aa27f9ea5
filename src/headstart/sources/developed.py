"""A network whose weights were developed or tuned here, as a source: packed to be kept, or on the shelf."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headstart.core.errors import SourceError
from headstart.core.source import Network, SourceCard
from headstart.sources import loading, portable, shelf
from headstart.sources.wheels import sha256

if TYPE_CHECKING:
    import torch


def pack_developed(
    network: Network, tensors: Mapping[str, torch.Tensor], card: SourceCard, folder: Path
) -> SourceCard:
    """Write `network` with other values in the named `tensors` into a new `folder`.

    `card` tells what it now is; its hash is filled in here. A classifier that the network was loaded without
    stays as it was: nobody reads it.

    Returns:
        The card with the hash of the weights.

    Raises:
        SourceError: the network's own files are gone or damaged, or it has no such tensor.
    """
    loaded: Any = network
    state = replaced(network, tensors)
    folder.mkdir(parents=True)
    _write(loaded.folder, state, folder)
    shelf.record(folder)
    final = dataclasses.replace(card, weights_sha256=sha256(folder / loading.WEIGHTS))
    described = dataclasses.replace(loaded.entry, card=final)
    (folder / portable.ENTRY).write_text(json.dumps(portable.record(described), indent=1), encoding="utf-8")
    return final


def on_the_shelf(network: Network, tensors: Mapping[str, torch.Tensor], card: SourceCard) -> Network:
    """The same as a loaded source of the cache, under the `weights_sha256` that `card` has already.

    Raises:
        SourceError: as in `pack_developed`. MachineError: the cache cannot be written.
    """
    loaded: Any = network
    key = f"derived-{card.weights_sha256}"
    if not shelf.has(key):
        state = replaced(network, tensors)
        with shelf.building(key) as folder:
            _write(loaded.folder, state, folder)
    return loading.load(dataclasses.replace(loaded.entry, card=card), shelf.verify(key, where=card.id))


def replaced(network: Network, tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The tensors in the network's file, those that are named with their other values."""
    loaded: Any = network
    portable.require_whole(network)
    state = loading.tensors(loaded.folder / loading.WEIGHTS, where=network.card.id)
    unknown = set(tensors) - set(state)
    if unknown:
        raise SourceError(f"no parameter {min(unknown)!r} to replace", where=network.card.id)
    return state | {name: value.detach().to("cpu", state[name].dtype) for name, value in tensors.items()}


def _write(origin: Path, state: Mapping[str, torch.Tensor], folder: Path) -> None:
    """The weights and, for texts, the tokenizer that lies in `origin`."""
    from safetensors.torch import save_file

    # In the order of the names, so that the same weights are the same bytes.
    save_file({name: state[name].contiguous() for name in sorted(state)}, folder / loading.WEIGHTS)
    tokenizer = origin / loading.TOKENIZER
    if tokenizer.is_file():
        shutil.copyfile(tokenizer, folder / loading.TOKENIZER)
