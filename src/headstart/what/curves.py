"""The learning curve of transfer: of the linear probe that explains the labels best."""

from __future__ import annotations

from headstart.core.task import Task
from headstart.training.kernel_ridge import mean_gram
from headstart.training.learning_curve import LearningCurve, learning_curve
from headstart.what.heads import LinearHead
from headstart.what.look import Look


def transfer_curve(look: Look, task: Task) -> LearningCurve | None:
    """Score against labels for the best linear probe of plain views, with its settings; None without one."""
    fitted = [
        (probe, probe.head)
        for probe in look.probes
        if isinstance(probe.head, LinearHead) and "mirrored" not in probe.candidate.settings
    ]
    if not fitted:
        return None
    best, head = max(fitted, key=lambda pair: pair[0].merit)
    taps = best.candidate.parts.taps
    kernel = mean_gram(best.reading.features[tap] for tap in taps)
    penalty = best.candidate.settings["penalty"]
    assert isinstance(penalty, float)
    return learning_curve(kernel, task, penalty=penalty, sharpness=head.sharpness)
