"""What a stored source brings beside its weights: its head on its own task, and the rows it learned from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.kinds import Kind
from headstart.core.source import Network
from headstart.core.task import Task
from headstart.data import seen_rows
from headstart.recipes import head_file
from headstart.recipes.storing import open_store
from headstart.sources.ids import STORE
from headstart.training.head import Head


def old_head(network: Network, task: Task, store: str | None = None) -> Head | None:
    """The head that the source was developed with, its columns in the order of the task's classes.

    None where it has none, where it answers other classes, and for values: their unit is not kept with it.
    """
    file = _folder(network) / head_file.FILE
    name = network.card.id.removeprefix(STORE)
    if task.kind is not Kind.CLASSIFICATION or name == network.card.id or not file.is_file():
        return None
    classes = list(open_store(store).get(name).card.get("task", {}).get("classes", ()))
    if sorted(classes) != sorted(task.classes):
        return None
    order = [classes.index(known) for known in task.classes]
    head = head_file.read(file)
    return Head(head.mean, head.inverse, head.weight[order], head.bias[order])


def learned_from(network: Network, task: Task) -> NDArray[np.bool_]:
    """[n] which rows the source is known to have learned from; none where nothing is known."""
    file = _folder(network) / seen_rows.FILE
    if not file.is_file():
        return np.zeros(len(task), dtype=bool)
    return seen_rows.among(task.inputs, seen_rows.read(file))


def _folder(network: Any) -> Path:
    return Path(getattr(network, "folder", "/nowhere"))
