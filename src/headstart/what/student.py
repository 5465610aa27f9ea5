"""One source that answers like a teacher: a closed-form head over all its taps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from headstart.core.folds import Folds
from headstart.core.kinds import Kind
from headstart.core.seeds import generator
from headstart.core.task import Task
from headstart.training.distillation import fit_soft
from headstart.training.kernel_ridge import mean_gram
from headstart.training.probe import fit_kernel
from headstart.what.familiarity import Familiarity
from headstart.what.heads import LinearHead
from headstart.what.probed_source import ProbedSource
from headstart.what.probes.linear import primal_head

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Student:
    """The fitted student, how it was fitted, and its out-of-fold answers [n, k]."""

    predictor: ProbedSource
    coding: str
    penalty: float
    sharpness: float
    out_of_fold: Array


def student(
    member: ProbedSource,
    features: Mapping[str, NDArray[np.float32]],
    task: Task,
    teacher: Array,
    folds: Folds,
) -> Student:
    """Fit the source of `member` on a teacher's probabilities, or values, [n, k].

    Args:
        member: the teacher's member whose source, input size and precision the student takes over.
        features: tap -> [n, width], as `member.features` reads them.
        task: the rows with the teacher's answers as targets; for regression they are what is fitted.
        teacher: [n, k] of the same rows.
        folds: of the same rows.
    """
    kernel = mean_gram(features.values())
    head: LinearHead
    if task.kind is Kind.CLASSIFICATION:
        soft = fit_soft(kernel, teacher, folds)
        head = primal_head(features, soft.dual, soft.offset, soft.sharpness)
        coding, penalty, outer = soft.coding, soft.penalty, soft.outer
    else:
        plain = fit_kernel(kernel, task, folds)
        head = primal_head(features, plain.dual, plain.offset, plain.sharpness)
        coding, penalty, outer = "values", plain.penalty, plain.outer
    tap = member.familiarity.tap
    known = Familiarity.of(tap, np.asarray(features[tap]), generator(task.seed, "familiarity"))
    fitted = replace(member, heads=((1.0, head),), familiarity=known)
    return Student(fitted, coding, penalty, head.sharpness, np.asarray(outer.mean(0)))
