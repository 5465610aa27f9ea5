"""The developed network as an object of the knowledge store: its files, its card, where it comes from."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headstart.core.errors import MachineError
from headstart.core.source import Network, SourceCard
from headstart.core.task import Inputs
from headstart.data import seen_rows
from headstart.recipes import head_file
from headstart.sources.developed import pack_developed
from headstart.sources.ids import STORE
from headstart.store import ObjectKind, Parent, Store, StoredObject
from headstart.store.adding import at_work
from headstart.store.faults import explained
from headstart.store.layout import SHA256
from headstart.training.head import Head

if TYPE_CHECKING:
    import torch

COPIES = 3  # of the weights on the disk at once: packed, under way into the store, and there


def ready(store: Store) -> None:
    """Find out before an hour of work whether the store takes an object in the end.

    Raises:
        StoreError: read-only, damaged, of a newer version. MachineError: no space.
    """
    with explained(store.layout.root), at_work(store.database):
        pass


def require_space(store: Store, weights_bytes: int) -> None:
    """Raise MachineError where the disk will not hold what is to be developed."""
    free = shutil.disk_usage(store.layout.root).free
    if free < COPIES * weights_bytes:
        raise MachineError(
            f"{free / 1e6:.0f} MB are free",
            where=str(store.layout.root),
            expected=f"{COPIES * weights_bytes / 1e6:.0f} MB for the developed weights",
            remedy="Free some space, or name a store on another disk with --store.",
        )


@contextmanager
def packed(
    network: Network,
    tensors: Mapping[str, torch.Tensor],
    inputs: Inputs,
    card: SourceCard,
    beside: Path,
    *,
    head: Head | None = None,
) -> Iterator[tuple[Path, SourceCard]]:
    """A folder, gone afterwards, with the files of the object; and the card with the hash of the weights.

    `tensors` are the parameters that moved, `inputs` all the examples, `head` the one on their labels.
    """
    work = Path(tempfile.mkdtemp(prefix=".source-", dir=beside))
    try:
        final = pack_developed(network, tensors, card, work / "source")
        seen_rows.write(seen_rows.seen_rows(inputs), work / "source" / seen_rows.FILE)
        if head is not None:
            head_file.write(head, work / "source" / head_file.FILE)
        yield work / "source", final
    finally:
        shutil.rmtree(work, ignore_errors=True)


def keep(
    store: Store, folder: Path, card: dict[str, Any], name: str, data: Parent, parent: SourceCard | None
) -> StoredObject:
    """Add the object, made from `data` and, where there is one, a `parent`: whole, or not at all."""
    parents: list[Parent | str] = [data]
    if parent is not None and parent.id.startswith(STORE):
        parents.append(parent.id.removeprefix(STORE))
    elif parent is not None and SHA256.fullmatch(parent.weights_sha256):
        parents.append(Parent(parent.weights_sha256, f"source {parent.id}"))
    return store.add(folder, name=name, kind=ObjectKind.SOURCE, card=card, parents=parents)
