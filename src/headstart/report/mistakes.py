"""Where the chosen model errs, from its pooled out-of-fold predictions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.kinds import Kind
from headstart.core.run import DoubtfulExample
from headstart.core.task import Task

WRONG_SHOWN = 10
DOUBTFUL_SHOWN = 10
PAIRS_KEPT = 500


@dataclass(frozen=True, slots=True)
class Mistakes:
    """The three fields of a run record that show mistakes.

    `confusion[t][p]` counts rows of class t predicted as p (empty for regression); `predicted` holds
    (truth, prediction) pairs of a regression, at most 500, evenly spread over the truth.
    """

    confusion: tuple[tuple[int, ...], ...] = ()
    doubtful: tuple[DoubtfulExample, ...] = ()
    predicted: tuple[tuple[float, float], ...] = ()


def mistakes(task: Task, pooled: NDArray[np.float64]) -> Mistakes:
    """Confusion, worst and most doubtful examples of `pooled` [n, k] (`Evidence.pooled`; NaN rows out)."""
    rows = np.flatnonzero(np.isfinite(pooled).all(axis=1))
    if task.kind is Kind.CLASSIFICATION:
        return _of_classes(task, pooled, rows)
    return _of_values(task, pooled[:, 0], rows)


def _of_classes(task: Task, pooled: NDArray[np.float64], rows: NDArray[np.int64]) -> Mistakes:
    truth, answer = task.targets[rows].astype(int), pooled[rows].argmax(axis=1)
    confusion = np.zeros((len(task.classes), len(task.classes)), dtype=int)
    np.add.at(confusion, (truth, answer), 1)
    sureness = pooled[rows].max(axis=1)
    wrong = np.flatnonzero(truth != answer)
    worst = wrong[np.argsort(-sureness[wrong], kind="stable")][:WRONG_SHOWN]
    second = np.sort(pooled[rows], axis=1)[:, -2]
    unsure = np.argsort(sureness - second, kind="stable")
    unsure = unsure[~np.isin(unsure, worst)][:DOUBTFUL_SHOWN]

    def example(at: int, kind: str) -> DoubtfulExample:
        row = int(rows[at])
        return DoubtfulExample(
            example_id=str(task.inputs.ids[row]),
            row=row,
            truth=task.classes[truth[at]],
            prediction=task.classes[answer[at]],
            confidence=float(sureness[at]),
            kind="wrong" if kind == "wrong" else "doubtful",
        )

    shown = [example(at, "wrong") for at in worst] + [example(at, "doubtful") for at in unsure]
    return Mistakes(tuple(tuple(int(n) for n in line) for line in confusion), tuple(shown))


def _of_values(task: Task, pooled: NDArray[np.float64], rows: NDArray[np.int64]) -> Mistakes:
    truth, answer = np.asarray(task.targets, float)[rows], pooled[rows]
    error = np.abs(truth - answer)
    spread = float(np.std(truth)) or 1.0
    shown = tuple(
        DoubtfulExample(
            example_id=str(task.inputs.ids[int(rows[at])]),
            row=int(rows[at]),
            truth=f"{truth[at]:.4g}",
            prediction=f"{answer[at]:.4g}",
            confidence=float(np.exp(-error[at] / spread)),
            kind="wrong",
        )
        for at in np.argsort(-error, kind="stable")[:WRONG_SHOWN]
    )
    order = np.argsort(truth, kind="stable")
    kept = order[np.unique(np.linspace(0, len(order) - 1, min(PAIRS_KEPT, len(order))).astype(int))]
    return Mistakes((), shown, tuple((float(truth[i]), float(answer[i])) for i in kept))
