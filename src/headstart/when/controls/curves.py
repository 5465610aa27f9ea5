"""The learning curve of the best control that has a kernel."""

from __future__ import annotations

from collections.abc import Sequence

from headstart.core.folds import Folds
from headstart.core.task import Task
from headstart.training.learning_curve import LearningCurve, learning_curve
from headstart.when.controls.base import FittedControl, merit


def control_curve(plain: Sequence[FittedControl], task: Task, folds: Folds) -> LearningCurve | None:
    """Score against labels of the kernel control with the best out-of-fold fit; None without one."""
    with_kernel = [control for control in plain if control.machine is not None]
    if not with_kernel:
        return None
    best = max(with_kernel, key=lambda control: merit(control.evidence, task))
    assert best.machine is not None
    kernel, fitted = best.machine
    return learning_curve(kernel, task, penalty=fitted.penalty, sharpness=fitted.sharpness)
