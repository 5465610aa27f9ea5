"""The learning curve of transfer: of the best source's multi-tap probe."""

from __future__ import annotations

import numpy as np

from headstart.core.folds import Folds
from headstart.core.task import Task
from headstart.training.kernel_ridge import gram
from headstart.training.learning_curve import LearningCurve, learning_curve
from headstart.training.probe import fit_kernel
from headstart.what.look import Look


def transfer_curve(look: Look, task: Task, folds: Folds) -> LearningCurve | None:
    """Score against labels for the source whose probe explains the labels best; None without a source."""
    if not look.probes:
        return None
    best = max(look.probes, key=lambda probe: probe.merit).reading
    kernel = np.mean([gram(features) for features in best.features.values()], axis=0)
    return learning_curve(kernel, fit_kernel(kernel, task, folds), task)
