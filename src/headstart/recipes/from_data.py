"""What came from some data: everything in the store that was made from them, or from a part of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from headstart.core.errors import DataError, OptionError, StoreError
from headstart.core.task import Inputs
from headstart.data import LoadOptions, inspect_inputs, load, modality_of, seen_rows
from headstart.data.assembly import content_fingerprint
from headstart.recipes.storing import open_store
from headstart.store import Lineage, Store, StoredObject


@dataclass(frozen=True)
class Sharing:
    """An object that recorded which examples it learned from: how many of the data's are among them."""

    object: str
    shared: int
    of: int


@dataclass(frozen=True)
class Asked:
    """A lineage; where it was asked of data, who learned from how many of the examples."""

    lineage: Lineage
    sharing: tuple[Sharing, ...] = ()


def asked_for(name: str | None, data: str | None, options: LoadOptions, store: str | None = None) -> Asked:
    """The lineage of what is named, or of the data at a path.

    Raises:
        OptionError: neither, or both.
    """
    kept = open_store(store)
    if (name is None) == (data is None):
        raise OptionError(
            "no name and no --data" if name is None else "a name and --data",
            expected="NAME, or --data PATH",
            remedy="`headstart store ls` lists the names.",
        )
    if data is not None:
        return from_data(data, kept, options)
    return Asked(kept.lineage(str(name)))


def from_data(path: str, store: Store, options: LoadOptions) -> Asked:
    """The lineage of all that was made from the data at `path`, as a whole or in part.

    Told by the fingerprint of the data, and by the contents of their examples: a run on half of them, or
    with another column as the label, is found too.

    Raises:
        DataError: no data lie there. StoreError: nothing in the store came from them.
    """
    inputs, fingerprints = _read(path, options)
    rows = seen_rows.seen_rows(inputs)
    sharing = []
    found = {digest for digest in fingerprints if store.knows(digest)}
    for one, known in _learned(store):
        if shared := seen_rows.shared(rows, known):
            sharing.append(Sharing(one.id, shared, len(rows)))
            found.add(one.sha256)
    if not found:
        raise StoreError(
            "nothing in the store was made from these data, or from any of their examples",
            where=path,
            remedy="`headstart store ls` lists what is kept; runs with --no-remember are not.",
        )
    return Asked(store.lineage_of(found), tuple(sharing))


def _read(path: str, options: LoadOptions) -> tuple[Inputs, tuple[str, ...]]:
    """The examples, and the fingerprints by which a labelled and an unlabelled development know them."""
    try:
        task = load(path, options)
    except DataError:
        modality = modality_of(path, text=options.text, image=options.image)
        inputs, _ = inspect_inputs(path, modality, text=options.text, image=options.image)
        return inputs, (content_fingerprint(inputs.hashes),)
    return task.inputs, (task.fingerprint, content_fingerprint(task.inputs.hashes))


def _learned(store: Store) -> Iterator[tuple[StoredObject, seen_rows.Rows]]:
    """Every object that recorded its rows, with them."""
    for one in store.ls():
        if seen_rows.FILE in {file.path for file in one.files}:
            yield one, seen_rows.parsed(store.read_file(one, seen_rows.FILE), one.id)
