"""Recordings by what the user calls them: a stored one, or a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from headstart.recipes.storing import stored
from headstart.sim.gathering.trajectories import FILE, Trajectories
from headstart.sources.ids import STORE
from headstart.sources.wheels import sha256
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
        return FoundRecording(
            name, recorded, Parent(sha256(recorded.file), f"recording {recorded.file.name}")
        )
    expected = "a recording, as `headstart sim record` keeps it"
    kept, wanted = stored(name, store, ObjectKind.RECORDING, expected)
    recorded = Trajectories.load(kept.open_files(wanted) / FILE)
    return FoundRecording(f"{STORE}{wanted.id}", recorded, Parent(wanted.sha256, wanted.id))
