"""Keep a policy's folder in the knowledge store, with the source that it was made from."""

from __future__ import annotations

from pathlib import Path

from headstart.core.errors import OutputError
from headstart.recipes.cards import as_json
from headstart.sim.learning.knowledge import CRITIC, REPLAY, SETTINGS, Knowledge
from headstart.sim.policy import ARRAYS, RECORD
from headstart.store import ObjectKind, Parent, Store, StoredObject

OF_A_POLICY = (RECORD, ARRAYS, CRITIC, REPLAY, SETTINGS, "README.md")


def is_policy(folder: Path) -> bool:
    """Whether a policy lies there."""
    return (folder / RECORD).is_file()


def add_policy(folder: Path, name: str, store: Store) -> StoredObject:
    """Keep the policy in `folder`; where a run of `sim fit` lies around it, that run's score and source too.

    Raises:
        SourceError: it is damaged.
    """
    record = Knowledge.load(folder).policy.record
    card = {
        "method": "control",
        "environment": record.environment,
        "policy": {"family": record.family, "hidden": record.hidden},
        "observation_space": record.observation_space,
        "action_space": record.action_space,
        "versions": record.versions,
    }
    told, parents = _around(folder)
    files = {name: folder / name for name in OF_A_POLICY if (folder / name).is_file()}
    return store.add(files, name=name, kind=ObjectKind.POLICY, card=as_json(card | told), parents=parents)


def _around(folder: Path) -> tuple[dict[str, object], list[Parent]]:
    """What the run around the folder says about it, and what it was made from."""
    from headstart.report import read_run

    try:
        run = read_run(folder.resolve().parent)
    except OutputError:
        return {}, []
    if run.control is None:
        return {}, []
    parents = [Parent(digest, f"source {source}") for source, digest in run.lineage.sources.items()]
    return {"score": run.chosen.score, "strategy": run.chosen.candidate}, parents
