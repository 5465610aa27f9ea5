"""Small tasks with a known truth, without files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from headstart.core.evidence import Evidence
from headstart.core.folds import Folds
from headstart.core.kinds import Kind, Modality
from headstart.core.source import SourceCard, Tap
from headstart.core.task import Task
from headstart.what.reading import Reading


@dataclass(frozen=True)
class Held:
    """Inputs that lie in memory."""

    items: tuple[Any, ...]
    modality: Modality = Modality.TEXT

    @property
    def ids(self) -> Sequence[str]:
        return [str(index) for index in range(len(self.items))]

    @property
    def hashes(self) -> Sequence[str]:
        return [f"{hash(str(item)) & 0xFFFFFFFF:08x}" for item in self.items]

    def __len__(self) -> int:
        return len(self.items)

    def read(self, index: int) -> Any:
        return self.items[index]

    def locate(self, index: int) -> str:
        return f"row {index}"

    def select(self, rows: Sequence[int]) -> Held:
        return Held(tuple(self.items[row] for row in rows), self.modality)


def words(n: int) -> tuple[str, ...]:
    """Texts that have nothing to do with any label."""
    rng = np.random.default_rng(n)
    return tuple(" ".join(f"w{word}" for word in rng.integers(0, 30, 6)) for _ in range(n))


def task(
    labels: Sequence[int], *, items: Sequence[Any] | None = None, modality: Modality = Modality.TEXT
) -> Task:
    """A classification task."""
    targets = np.asarray(labels, dtype=np.int64)
    inputs = Held(tuple(items) if items is not None else words(len(targets)), modality)
    classes = tuple(f"class {index}" for index in range(int(targets.max()) + 1))
    groups = np.arange(len(targets))
    return Task("t", modality, Kind.CLASSIFICATION, inputs, targets, classes, groups, "accuracy", 0, "f")


def regression(values: Sequence[float], *, items: Sequence[Any] | None = None) -> Task:
    """A regression task."""
    targets = np.asarray(values, dtype=np.float64)
    inputs = Held(tuple(items) if items is not None else words(len(targets)))
    groups = np.arange(len(targets))
    return Task("r", Modality.TEXT, Kind.REGRESSION, inputs, targets, (), groups, "neg_rmse", 0, "f")


def folds(
    n: int, *, count: int = 5, repeats: int = 2, seed: int = 0, labels: Sequence[int] | None = None
) -> Folds:
    """Repeated K-fold, stratified where labels are given."""
    rng = np.random.default_rng(seed)
    rows = np.zeros((repeats, n), dtype=np.int64)
    for repeat in range(repeats):
        order = rng.permutation(n)
        if labels is not None:
            order = order[np.argsort(np.asarray(labels)[order], kind="stable")]
        rows[repeat, order] = np.arange(n) % count
    return Folds(rows)


def balanced(n: int, classes: int) -> np.ndarray:
    """[n] labels 0, 1, …, 0, 1, …"""
    return np.arange(n) % classes


def features(labels: np.ndarray, *, signal: float, width: int = 20, seed: int = 0) -> np.ndarray:
    """Gaussian features whose class means lie `signal` apart."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(int(labels.max()) + 1, width))
    noise = rng.normal(size=(len(labels), width))
    return (signal * centres[labels] + noise).astype(np.float32)


def reading(taps: dict[str, np.ndarray], *, source: str = "pypi:test", size: int = 32) -> Reading:
    """A reading as a look would bring it home."""
    places = tuple(
        Tap(name, index, (index + 1) / len(taps), values.shape[1])
        for index, (name, values) in enumerate(taps.items())
    )
    card = SourceCard(source, source, Modality.TEXT, "", 0, "", "MIT", True, 0, (size,), True, "")
    return Reading(card, size, places, taps)


def picture(rng: np.random.Generator, shade: float) -> Image.Image:
    """A noisy 32-pixel picture of about one brightness."""
    pixels = np.clip(255 * shade + 40 * rng.normal(size=(32, 32, 3)), 0, 255)
    return Image.fromarray(pixels.astype(np.uint8))


def evidence_is_sound(evidence: Evidence, task: Task, folds: Folds) -> None:
    """What every evidence must be: whole, of the right shape, probabilities that sum to 1."""
    k = task.n_outputs
    assert evidence.predictions.shape == (folds.n_repeats, len(task), k)
    assert np.isfinite(evidence.predictions).all()
    assert evidence.inner is not None
    assert evidence.inner.shape == (folds.n_repeats, folds.n_folds, len(task), k)
    for repeat, fold, train, held in folds.splits():
        assert np.isnan(evidence.inner[repeat, fold, held]).all()
        assert np.isfinite(evidence.inner[repeat, fold, train]).all()
    if task.kind is Kind.CLASSIFICATION:
        np.testing.assert_allclose(evidence.predictions.sum(2), 1.0, atol=1e-9)
