"""Recordings by what the user calls them: a stored one, or a file."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from headstart.core.errors import SourceError
from headstart.recipes.storing import open_store
from headstart.sim.gathering.trajectories import FILE, Trajectories
from headstart.sources.ids import STORE
from headstart.store import ObjectKind, Parent


@dataclass(frozen=True)
class FoundRecording:
    """A recording, its id, and what it is in a lineage."""

    id: str
    recorded: Trajectories
    parent: Parent


def recording(name: str, store: str | None) -> FoundRecording:
    """The recording called ``store:NAME``, or the file of that path.

    Raises:
        StoreError: no such name. SourceError: it is something else.
        DataError: no recording, or a damaged one.
    """
    if not name.startswith(STORE):
        recorded = Trajectories.load(Path(name).expanduser())
        with recorded.file.open("rb") as reader:
            digest = file_digest(reader, "sha256").hexdigest()
        return FoundRecording(name, recorded, Parent(digest, f"recording {recorded.file.name}"))
    kept = open_store(store)
    wanted = kept.get(name.removeprefix(STORE))
    if wanted.kind is not ObjectKind.RECORDING:
        raise SourceError(
            f"is a {wanted.kind.value}",
            where=name,
            expected="a recording, as `headstart sim record` keeps it",
            remedy="`headstart store ls` lists what is kept, with its kind.",
        )
    recorded = Trajectories.load(kept.open_files(wanted) / FILE)
    return FoundRecording(f"{STORE}{wanted.id}", recorded, Parent(wanted.sha256, wanted.id))
