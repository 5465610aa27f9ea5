"""What a stored source brings beside its weights: its head on its own task, and the rows it learned from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import StoreError
from headstart.core.kinds import Kind
from headstart.core.source import Network
from headstart.core.task import Task
from headstart.data import seen_rows
from headstart.recipes.storing import open_store
from headstart.training.head import Head

FILE = "head.safetensors"
SCHEME = "store:"


def old_head(network: Network, task: Task, store: str | None = None) -> Head | None:
    """The head that the source was developed with, its columns in the order of the task's classes.

    None where it has none, where it answers other classes, and for values: their unit is not kept with it.
    """
    file = _folder(network) / FILE
    name = network.card.id.removeprefix(SCHEME)
    if task.kind is not Kind.CLASSIFICATION or name == network.card.id or not file.is_file():
        return None
    classes = list(open_store(store).get(name).card.get("task", {}).get("classes", ()))
    if sorted(classes) != sorted(task.classes):
        return None
    order = [classes.index(known) for known in task.classes]
    head = read(file)
    return Head(head.mean, head.inverse, head.weight[order], head.bias[order])


def learned_from(network: Network, task: Task) -> NDArray[np.bool_]:
    """[n] which rows the source is known to have learned from; none where nothing is known."""
    file = _folder(network) / seen_rows.FILE
    if not file.is_file():
        return np.zeros(len(task), dtype=bool)
    return seen_rows.among(task.inputs, seen_rows.read(file))


def read(file: Path) -> Head:
    """A head as a stored source keeps it.

    Raises:
        StoreError: the file is damaged.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        found = load_file(file)
        return Head(found["mean"], found["inverse"], found["weight"], found["bias"])
    except (OSError, SafetensorError, KeyError) as error:
        raise StoreError(
            f"the source's head cannot be read ({error})",
            where=str(file),
            expected="a whole safetensors file",
        ) from error


def _folder(network: Any) -> Path:
    return Path(getattr(network, "folder", "/nowhere"))
