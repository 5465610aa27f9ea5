"""A quick probe trained on a source task and looked at from the target: what its answers add."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.estimate import Interval
from headstart.core.folds import Folds
from headstart.core.kinds import Kind
from headstart.core.seeds import generator
from headstart.core.task import Task
from headstart.metrics import METRICS
from headstart.metrics.estimates import as_decided
from headstart.metrics.intervals import around, difference_spread, resamples, widening
from headstart.training.head import starting_head
from headstart.training.kernel_ridge import gram
from headstart.training.probe import fit_kernel

Array = NDArray[np.float64]

LEAST_ERROR = 0.005  # nats (or share of the variance): agreement of few rows must not look exact


@dataclass(frozen=True)
class Gain:
    """What a source task adds to the target's probe.

    `nats` per example (log-likelihood; share of the variance for values), its standard `error` with new rows
    and new training rows allowed for, the 90 % `interval`, and the target's metric with the task's help.
    """

    nats: float
    error: float
    interval: Interval
    probe_score: float


def answers(source: Array, task: Task, target: Array) -> Array:
    """[n, k] what a ridge head, fitted on the source task's rows [m, d], says of the target's rows [n, d]."""
    if task.kind is Kind.CLASSIFICATION:
        coded = np.eye(len(task.classes))[task.targets]
    else:
        values = np.asarray(task.targets, dtype=np.float64)[:, None]
        coded = (values - values.mean()) / max(float(values.std()), 1e-12)
    return starting_head(source, coded, task.kind).scores(target)


@dataclass(frozen=True)
class Plain:
    """The target's probe on the public features alone: what every source task is held against.

    `kernel` [n, n] has a mean diagonal of 1; `predictions` [n, k] are out of fold, by nested choice.
    """

    target: Task
    folds: Folds
    kernel: Array
    predictions: Array

    @classmethod
    def of(cls, target: Task, kernel: Array, folds: Folds) -> Plain:
        """Fit it once."""
        return cls(target, folds, kernel, fit_kernel(kernel, target, folds).outer.mean(0))

    def gain(self, added: NDArray[np.floating]) -> Gain:
        """What features [n, d] of the target's rows add, standing beside the plain ones with equal weight.

        Penalty and sharpness are chosen for each fold on scores that never saw it, on both sides, so that
        features that say nothing gain nothing.
        """
        task = self.target
        helped = fit_kernel((self.kernel + gram(added)) / 2.0, task, self.folds).outer.mean(0)
        metric = METRICS["neg_log_loss" if task.kind is Kind.CLASSIFICATION else "r2"]
        counts = resamples(len(task), generator(task.seed, "selecting"), task.groups)
        spread = difference_spread(metric, task.targets, helped, self.predictions, counts)
        error = max(spread, LEAST_ERROR) * widening(self.folds)
        nats = metric.score(task.targets, helped) - metric.score(task.targets, self.predictions)
        score = METRICS[task.metric].score(task.targets, as_decided(helped, task))
        return Gain(nats, error, around(nats, error, len(task)), score)
