"""What the store, and every later `fit`, is told about a developed source."""

from __future__ import annotations

from typing import Any

from headstart.core.development import Rows
from headstart.core.run import Cost
from headstart.core.source import SourceCard
from headstart.core.task import Task
from headstart.recipes import cards, developing
from headstart.recipes.develop_settings import DevelopSettings
from headstart.recipes.developing import Found
from headstart.sources.ids import STORE
from headstart.store import Parent

OWN = "LicenseRef-own"  # developed from nothing: the terms are the user's


def source_card(found: Found, name: str) -> SourceCard:
    """The developed network as a source; its hash is filled in when it is packed."""
    start, task = found.developed.best.start, found.task
    said = f"developed on {task.name}: {len(task)} {task.modality.value}s"
    said += f", {len(task.classes)} classes" if task.classes else ", values"
    return made_from(start.network.card, start.parent, name, said, Parent(task.fingerprint, task.name))


def made_from(old: SourceCard, parent: str | None, name: str, said: str, data: Parent) -> SourceCard:
    """The card of what `old`, the `parent` or a network that knew nothing, became on `data`.

    The data are among its parents, so that nobody takes it for untrained.
    """
    return SourceCard(
        id=f"{STORE}{name}",
        name=name,
        modality=old.modality,
        architecture=old.architecture,
        parameters=old.parameters,
        weights_sha256="",
        licence=old.licence if parent else OWN,
        permissive=old.permissive if parent else True,
        download_bytes=0,
        input_sizes=old.input_sizes,
        tunable=True,
        pretraining=said + (f"; continued from {parent}" if parent else ""),
        domain=data.label,
        parents=(*((parent,) if parent else ()), f"data:{data.sha256}"),
    )


def object_card(source: SourceCard, found: Found, spent: Cost, settings: DevelopSettings) -> dict[str, Any]:
    """What the store says about the object."""
    task = found.task
    told = {
        "task": {
            "id": task.name,
            "modality": task.modality,
            "kind": task.kind,
            "classes": task.classes,
            "metric": task.metric,
            "n_train": len(task),
            "fingerprint": task.fingerprint,
        },
        "held_out": found.held_out,
        "baseline": found.plain,
        "intended_use": intended_use(task),
        "limits": limits(task, found.rows),
    }
    return cards.of_developed(source, developing.choice(found), found.rows, spent, settings, told)


def intended_use(task: Task) -> str:
    """What the source is for."""
    return (
        f"A start for other tasks on {task.modality.value}s like those of {task.name}: "
        "its features to be read by probes, its blocks to be tuned."
    )


def limits(task: Task, used: Rows) -> str:
    """What not to expect of it."""
    return (
        f"It knows {used.learn} examples of one task; how far that carries, each new task has to show. "
        f"The score holds for {task.modality.value}s that come from where those of {task.name} came from. "
        "Rows that it learned from, was stopped by or scored on prove nothing about it any more."
    )
