"""Keep a run, a fitted model or a source in the knowledge store, with what it was made from."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headstart.core.errors import OutputError, SourceError, StoreError
from headstart.recipes.cards import as_json
from headstart.recipes.stored_sources import FromStore, resolved
from headstart.recipes.storing_policies import add_policy, is_policy
from headstart.sources import portable
from headstart.sources.ids import SCHEMES, STORE
from headstart.sources.local import SUFFIXES
from headstart.store import ObjectKind, Parent, Store, StoredObject
from headstart.store.layout import SHA256, checked_name

if TYPE_CHECKING:
    from headstart.core.run import RunRecord

OF_A_RUN = ("run.json", "report.html", "evidence.parquet", "log.jsonl", "rows.safetensors")
MEMORY = "memory"  # in the card of a run: what later runs want to know of it
BESIDE_A_MODEL = ("model.json", "README.md", "rows.safetensors")


def open_store(folder: str | None = None) -> Store:
    """The store in `folder`; by default the one below ``HEADSTART_HOME``."""
    return Store(folder)


def stored(id: str, folder: str | None, kind: ObjectKind, expected: str) -> tuple[Store, StoredObject]:
    """The store, and what it keeps under ``store:NAME``, which must be of one kind.

    Raises:
        StoreError: the store has no such name. SourceError: it is of another kind; `expected` says of which.
    """
    store = open_store(folder)
    wanted = store.get(id.removeprefix(STORE))
    if wanted.kind is not kind:
        raise SourceError(
            f"is a {wanted.kind.value}",
            where=id,
            expected=expected,
            remedy="`headstart store ls` lists what is kept, with its kind.",
        )
    return store, wanted


def add(path: str, *, name: str, store: str | None = None) -> StoredObject:
    """Keep a run's folder, a fitted ``model/`` or weights, told by their content; or the source of an id.

    Raises:
        StoreError: the name is none; nothing that can be kept lies there.
        OutputError: the model or the run's record is damaged.
        SourceError: an unknown source, or weights that cannot be used.
        MachineError: the source cannot be fetched.
    """
    checked_name(name)
    folder, kept = Path(path).expanduser(), open_store(store)
    if (folder / "run.json").is_file():
        return add_run(folder, name, kept)
    if (folder / "model.json").is_file():
        return _add_model(folder, name, kept)
    if is_policy(folder):
        return add_policy(folder, name, kept)
    if path.partition(":")[0] in SCHEMES:
        return _add_source(path, name, kept)
    if (folder / "config.json").is_file() or folder.suffix in SUFFIXES:
        return _add_source(f"file:{path}", name, kept)
    raise StoreError(
        "neither a run, a model nor a source" if folder.exists() else "nothing is there",
        where=path,
        expected="a folder that `headstart fit` or `sim fit` wrote (the run's, or the model/ in it), a "
        "folder or file of weights, or a source id",
        remedy="`headstart fit DATA --out RUN` writes a run and a model; `headstart doctor` names sources.",
    )


def _add_source(id: str, name: str, store: Store) -> StoredObject:
    """The source with this id as the cache holds it, so that it is there whatever becomes of its origin."""
    source = resolved(id, store)
    if isinstance(source, FromStore):
        raise StoreError(
            "it is in the store already",
            where=id,
            expected="a run, a model or a source from elsewhere",
            remedy="Name it as it is; nothing has to be added.",
        )
    source.fetch()
    with tempfile.TemporaryDirectory() as work:
        packed = Path(work) / "source"
        portable.pack(source.load(), packed)
        digest = source.card.weights_sha256
        parents = [Parent(digest, f"source {id}")] if SHA256.fullmatch(digest) else []
        return store.add(
            packed, name=name, kind=ObjectKind.SOURCE, card={"source": asdict(source.card)}, parents=parents
        )


def add_run(folder: Path, name: str, store: Store, *, has_model: bool = True) -> StoredObject:
    """Keep a run with its report and evidence, and its model too where it `has_model` to keep."""
    from headstart.report import read_run

    record = read_run(folder)
    files = {file: folder / file for file in OF_A_RUN if (folder / file).is_file()}
    if has_model and (folder / "model" / "model.json").is_file():
        files |= {f"model/{place}": file for place, file in _model_files(folder / "model")[0].items()}
    if has_model and is_policy(folder / "model"):
        files |= {f"model/{path.name}": path for path in (folder / "model").iterdir()}
    parents = _parents(record, list(record.lineage.sources))
    return store.add(
        files, name=name, kind=ObjectKind.RUN, card=_card(record) | _memory(record), parents=parents
    )


def _add_model(folder: Path, name: str, store: Store) -> StoredObject:
    """The model alone; what led to it is told by the run it lies in, or else by itself."""
    files, document = _model_files(folder)
    record = _run_around(folder, document)
    if record is not None:
        card, parents = _card(record), _parents(record, list(document["sources"]))
    else:
        signature = {key: document["signature"][key] for key in ("modality", "kind", "classes", "metric")}
        about = dict(document["about"])
        card = {"task": {"id": about.get("task", "")} | signature, "about": about}
        parents = _parents_by_itself(folder, document)
    made_by = {"headstart": document["headstart"], "sources": sorted(document["sources"])}
    return store.add(files, name=name, kind=ObjectKind.MODEL, card=card | made_by, parents=parents)


def _model_files(folder: Path) -> tuple[dict[str, Path], Mapping[str, Any]]:
    """A model's files by place, checked against their hashes, and its ``model.json``."""
    from headstart.serve.folder import checked

    folder, document = checked(folder)
    names = (*document["files"], *(name for name in BESIDE_A_MODEL if (folder / name).is_file()))
    return {name: folder / name for name in names}, document


def _run_around(folder: Path, document: Mapping[str, Any]) -> RunRecord | None:
    """The record of the run that a model folder lies in, if it is the run that made it."""
    from headstart.report import read_run

    above = folder.resolve().parent
    if not (above / "run.json").is_file():
        return None
    try:
        record = read_run(above)
    except OutputError:
        return None  # the model is whole, and has to be kept without its story
    return record if record.task.fingerprint == document["about"].get("fingerprint") else None


def _parents(record: RunRecord, sources: list[str]) -> list[Parent]:
    """Data and `sources` by content hash, and what the run itself names as parents."""
    lineage = record.lineage
    named = [(digest, f"data {part}") for part, digest in lineage.data.items()]
    named += [
        (lineage.sources[source], f"source {source}") for source in sources if source in lineage.sources
    ]
    runs = {run.sha256: f"run {run.id}" for run in record.earlier}
    named += [(digest, runs.get(digest, "")) for digest in lineage.parents]
    return [Parent(digest, label) for digest, label in named if SHA256.fullmatch(digest)]


def _parents_by_itself(folder: Path, document: Mapping[str, Any]) -> list[Parent]:
    """What a model folder says about data, sources and teacher, where the run is not at hand."""
    from headstart.sources.portable import packed

    about = document["about"]
    named = [(about.get("fingerprint", ""), f"data {about.get('task', '')}".strip())]
    named += [(about.get("distilled_from", {}).get("sha256", ""), "teacher")]
    for source, place in document["sources"].items():
        named.append((packed(folder / place).card.weights_sha256, f"source {source}"))
    return [Parent(digest, label) for digest, label in named if SHA256.fullmatch(digest)]


def _card(record: RunRecord) -> dict[str, Any]:
    """What is to be said about a run: its task, scores, verdict, cost, and how to repeat it."""
    said = {
        "task": record.task,
        "score": record.chosen.score,
        "test": record.chosen.test,
        "verdict": record.verdict,
        "cost": record.cost,
        "how": record.lineage.model_dump(exclude={"data", "sources", "parents"}),
    }
    return as_json(said)


def _memory(record: RunRecord) -> dict[str, Any]:
    """What later runs want to know of it; nothing of a run that did not describe its task."""
    from pydantic_core import from_json, to_json

    from headstart.what.memory import memory_of

    memory = memory_of(record)
    return {MEMORY: from_json(to_json(memory))} if memory is not None else {}
