"""Score against number of labels, for a closed-form probe: from the Gram matrix, without new features."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from headstart.core.kinds import Kind
from headstart.core.seeds import generator
from headstart.core.task import Task
from headstart.metrics import METRICS
from headstart.metrics.estimates import as_decided
from headstart.training.probe import coded_targets, predictions

Array = NDArray[np.float64]

SHARES = (0.2, 0.35, 0.5, 0.65, 0.8)  # of the labels; the rest is what the fit is scored on
DRAWS = 8
MOST_ROWS = 1500  # larger data is thinned first: the curve's shape is what is wanted


@dataclass(frozen=True)
class LearningCurve:
    """`scores[d, s]`: draw d with `sizes[s]` labels (NaN where a class was missing)."""

    sizes: NDArray[np.int64]
    scores: Array

    @property
    def points(self) -> tuple[tuple[int, float], ...]:
        """(labels, mean score), rising in labels, without sizes at which no draw could be fitted."""
        seen = np.isfinite(self.scores).any(0)
        means = np.nanmean(self.scores[:, seen], axis=0)
        return tuple(zip(self.sizes[seen].tolist(), means.tolist(), strict=True))


def learning_curve(kernel: Array, task: Task, *, penalty: float, sharpness: float) -> LearningCurve:
    """Fit on random shares of the rows (groups whole), score on the rest, `DRAWS` times.

    `penalty` and `sharpness` are those of the probe that was fitted on all rows (`training.probe`).
    """
    targets, mean = coded_targets(task)
    rng = generator(task.seed, "learning curve")
    sizes = np.unique([max(round(share * min(len(task), MOST_ROWS)), 2) for share in SHARES])
    metric = METRICS[task.metric]
    scores = np.full((DRAWS, len(sizes)), np.nan)
    for draw in range(DRAWS):
        order = _shuffled_groups(task, rng)[:MOST_ROWS]
        for place, size in enumerate(sizes):
            train, rest = order[:size], order[size:]
            if len(rest) < 2 or (task.kind is Kind.CLASSIFICATION and len(set(task.targets[train])) < 2):
                continue
            block = kernel[np.ix_(train, train)] + 1.0 + penalty * np.eye(len(train))
            dual = scipy.linalg.solve(block, targets[train], assume_a="pos", check_finite=False)
            raw = (kernel[np.ix_(rest, train)] + 1.0) @ dual + mean
            predicted = as_decided(predictions(raw, sharpness), task)
            scores[draw, place] = metric.score(task.targets[rest], predicted)
    return LearningCurve(np.asarray(sizes), scores)


def _shuffled_groups(task: Task, rng: np.random.Generator) -> NDArray[np.int64]:
    """Rows in random order, rows of one group side by side, classes as evenly spread as chance has it."""
    names, member = np.unique(task.groups, return_inverse=True)
    place = rng.permutation(len(names))
    return np.argsort(place[member], kind="stable")
