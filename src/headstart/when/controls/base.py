"""What every control shares: the registry, and the pair of evidence and fitted predictor."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.candidate import Candidate, Scalar
from headstart.core.evidence import Evidence
from headstart.core.folds import Folds
from headstart.core.kinds import Kind, Modality
from headstart.core.predictor import Predictor
from headstart.core.registry import Registry
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.training.probe import FittedKernel, fit_kernel

Array = NDArray[np.float64]


@dataclass(frozen=True)
class FittedControl:
    """A model that transfers nothing: its evidence, and itself fitted on all rows.

    `machine` is (Gram matrix, coefficients) of a closed-form control, from which a learning curve is cheap.
    """

    evidence: Evidence
    predictor: Predictor
    machine: tuple[Array, FittedKernel] | None = None

    @property
    def candidate(self) -> Candidate:
        """The candidate that the evidence is for."""
        return self.evidence.candidate


def kernels(plain: Sequence[FittedControl]) -> list[Array]:
    """The Gram matrices [n, n] of those that have one: how alike the examples are in plain terms."""
    return [control.machine[0] for control in plain if control.machine is not None]


@dataclass(frozen=True)
class ControlKind:
    """A family of controls for some modalities; `fit` gives one or more fitted controls."""

    modalities: tuple[Modality, ...]
    fit: Callable[[Task, Folds], list[FittedControl]]


CONTROLS: Registry[ControlKind] = Registry("control")


def controls(task: Task, folds: Folds, watch: Watch) -> list[FittedControl]:
    """Every control that applies to the task, on the same folds as the candidates."""
    from headstart.when.controls import bayes, majority, nb_svm, pictures, words  # noqa: F401  (they register)

    kinds = [CONTROLS[name] for name in CONTROLS if task.modality in CONTROLS[name].modalities]
    watch.stage("controls", len(kinds))
    fitted = []
    for kind in kinds:
        fitted += kind.fit(task, folds)
        watch.advance()
    return fitted


def name(strategy: str, what: str = "", **settings: Scalar) -> Candidate:
    """A control's candidate: no source, rung 2."""
    label = f"control/{strategy}@{what}" if what else f"control/{strategy}"
    return Candidate(label, None, strategy, settings=settings, rung=2)


def fit_control_kernel(
    candidate: Candidate, kernel: Array, task: Task, folds: Folds
) -> tuple[FittedKernel, Evidence]:
    """A closed-form control from its Gram matrix, with the same machine as the probes."""
    started_s = time.perf_counter()
    fitted = fit_kernel(kernel, task, folds)
    cost_s = time.perf_counter() - started_s
    return fitted, Evidence(candidate, fitted.outer, cost_s, inner=fitted.inner)


def merit(evidence: Evidence, task: Task) -> float:
    """Mean out-of-fold log-likelihood of the truth (minus mean squared error for values)."""
    pooled = evidence.pooled
    if task.kind is Kind.REGRESSION:
        return -float(((pooled[:, 0] - task.targets) ** 2).mean())
    return float(np.log(np.maximum(pooled[np.arange(len(task)), task.targets], 1e-12)).mean())
