"""Learning across runs: what earlier ones say of this task, and keeping this one for later ones."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from headstart.core.errors import HeadstartError, StoreError
from headstart.core.finding import Finding
from headstart.core.kinds import Preset, Severity
from headstart.core.memory import Memory, Traits
from headstart.core.run import RunRecord
from headstart.data import seen_rows
from headstart.recipes.opening import Opened
from headstart.recipes.settings import FitSettings
from headstart.recipes.storing import MEMORY, add_run, open_store
from headstart.store import ObjectKind, Store
from headstart.what.experience import MOST_RUNS, NOTHING, Experience, Remembered, alike
from headstart.what.traits import traits

MOST_SIGNS = 64  # of a name in the store
FAILURES = (HeadstartError, sqlite3.Error, OSError)


@dataclass(frozen=True)
class Recalled:
    """The task in plain terms, what earlier runs say of it, and what there is to say about that."""

    traits: Traits
    experience: Experience = NOTHING
    findings: tuple[Finding, ...] = ()


def recall(settings: FitSettings, data: Opened) -> Recalled:
    """Runs of the store on tasks like this one; nothing, where none is or `--no-remember` is given.

    A run that learned from a row which is in the present training or test data is left out: its evidence
    would be used twice. So is one that cannot say which rows it saw. A store that cannot be read is a
    finding, never an error.
    """
    described = traits(data.task)
    if not settings.remember:
        return Recalled(described)
    try:
        store = open_store(settings.store)
        near = alike(described, memories(store))
        is_sparing = (  # it saves time and may cost a little of the score: only where time is short
            settings.time_limit_s is not None and not settings.source and settings.preset is not Preset.BEST
        )
        return Recalled(described, Experience(tuple(unseen(near, store, data)), is_sparing))
    except FAILURES as failure:
        return Recalled(described, findings=(_cannot_be_read(failure),))


def memories(store: Store) -> list[tuple[str, str, Memory]]:
    """(id, content hash, memory) of every run in the store, oldest first; one file is read: the database."""
    from pydantic import ValidationError

    found = []
    for name, sha256, said in store.card_parts(ObjectKind.RUN, MEMORY):
        try:
            found.append((name, sha256, _form().validate_json(said)))
        except ValidationError:
            continue  # of another version: it cannot speak
    return found


def unseen(near: Sequence[Remembered], store: Store, data: Opened) -> list[Remembered]:
    """The first MOST_RUNS that share no row with the present data."""
    kept: list[Remembered] = []
    for one in near:
        if len(kept) == MOST_RUNS:
            break
        try:
            content = store.read_file(store.get(one.run.id), seen_rows.FILE)
            if not seen_rows.shared(data.rows, seen_rows.parsed(content, one.run.id)):
                kept.append(one)
        except StoreError:
            continue  # which rows it saw cannot be told
    return kept


def keep(folder: Path, record: RunRecord, settings: FitSettings) -> tuple[Finding, ...]:
    """Put a finished run into the store; a finding where that fails. The run itself never does.

    With `--private` the model stays out: a control for texts holds their words.
    """
    if not settings.remember:
        return ()
    try:
        add_run(
            folder, store_name(record.task.id), open_store(settings.store), has_model=not settings.private
        )
    except FAILURES as failure:
        return (_not_kept(failure),)
    return ()


def store_name(task: str) -> str:
    """What the runs on a task are called in the store; never the name of a source that was developed on it.

    >>> store_name("Solar cells (2024)"), store_name("größe"), store_name("§")
    ('run-solar-cells-2024', 'run-gr-e', 'run')
    """
    word = re.sub(r"[^a-z0-9._]+", "-", task.lower()).strip("-._")
    return f"run-{word}"[:MOST_SIGNS].rstrip("-._")


@cache
def _form() -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(Memory)


def _cannot_be_read(failure: BaseException) -> Finding:
    return _told(failure, "HS-R20", "Earlier runs cannot be read", "nothing was learned from earlier runs")


def _not_kept(failure: BaseException) -> Finding:
    later = "its folder is whole; `headstart store add` keeps it later"
    return _told(failure, "HS-R21", "The run was not kept in the store", later)


def _told(failure: BaseException, code: str, title: str, applied: str) -> Finding:
    """What went wrong with the store, which is never the end of a run."""
    found = failure.found if isinstance(failure, HeadstartError) else str(failure) or type(failure).__name__
    return Finding(
        code=code,
        severity=Severity.WARNING,
        title=title,
        detail=found,
        where=(getattr(failure, "where", ""),),
        remedy=getattr(failure, "remedy", "") or "headstart store verify",
        applied=applied,
    )
