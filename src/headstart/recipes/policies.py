"""Policies by what the user calls them: a stored one, a model folder, the folder of a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from headstart.core import places
from headstart.recipes.storing import stored
from headstart.sim import sb3_zip
from headstart.sim.learning.knowledge import Knowledge
from headstart.sim.policy import RECORD
from headstart.sources.ids import STORE
from headstart.store import ObjectKind, Parent


@dataclass(frozen=True)
class Found:
    """A policy with what was kept beside it.

    Attributes:
        id: ``store:NAME@VERSION``, or the path.
        folder: where its files lie.
        refitted: it sees or acts otherwise than where it was developed.
        returned: its return where it was developed, if its card says so.
    """

    id: str
    folder: Path
    knowledge: Knowledge
    sha256: str
    returned: float | None = None
    refitted: bool = False

    @property
    def parent(self) -> Parent:
        """As a parent in a lineage."""
        return Parent(self.sha256, self.id.removeprefix(STORE))


def found(name: str, store: str | None, *, home: str) -> Found:
    """The policy called `name`; `home` is where it was trained, if it is a zip, which does not say that.

    Raises:
        StoreError: the store has no such name. SourceError: it is no policy, or a damaged one.
        OutputError: the folder holds none.
    """
    if name.startswith(STORE):
        expected = "a policy, as `headstart sim develop` keeps it"
        kept, wanted = stored(name, store, ObjectKind.POLICY, expected)
        folder = kept.open_files(wanted)
        score = wanted.card.get("score") or {}
        return Found(
            f"{STORE}{wanted.id}", folder, Knowledge.load(folder), wanted.sha256, score.get("estimate")
        )
    place = Path(name).expanduser()
    if place.suffix == ".zip":
        place = _unpacked(place, home)
    place = place if (place / RECORD).is_file() else place / "model"
    knowledge = Knowledge.load(place if place.exists() else Path(name))
    return Found(name, place, knowledge, knowledge.policy.sha256)


def _unpacked(file: Path, home: str) -> Path:
    """The policy of a zip of Stable-Baselines3 as a folder in the cache, by its content."""
    policy = sb3_zip.read(file, home)
    folder = places.cache() / "policies" / policy.sha256
    if not (folder / RECORD).is_file():
        policy.save(folder)
    return folder
