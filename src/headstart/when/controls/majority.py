"""The least that anything must beat: the classes' shares, or the mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from headstart.core.evidence import Evidence
from headstart.core.folds import Folds
from headstart.core.kinds import Modality
from headstart.core.predictor import Arrays, Config
from headstart.core.task import Inputs, Task
from headstart.training.probe import coded_targets
from headstart.when.controls.base import CONTROLS, ControlKind, FittedControl, name


@dataclass(frozen=True)
class Majority:
    """Predicts the same for every example: shares [k] or a mean [1]."""

    kind: ClassVar[str] = "majority"
    prediction: NDArray[np.float64]

    def predict(self, inputs: Inputs) -> NDArray[np.float64]:
        """[n, k] copies."""
        return np.repeat(self.prediction[None], len(inputs), 0)

    def state(self) -> tuple[Arrays, Config]:
        """Arrays and JSON."""
        return {"prediction": self.prediction}, {}

    @classmethod
    def from_state(cls, arrays: Arrays, config: Config) -> Self:
        """The inverse of `state`."""
        return cls(arrays["prediction"])


def fit(task: Task, folds: Folds) -> list[FittedControl]:
    """Shares of the rows outside the fold, one row added to each class (Laplace)."""
    centred, mean = coded_targets(task)
    coded: NDArray[Any] = centred + mean
    n, k = coded.shape
    smooth = 1.0 if k > 1 else 0.0

    def share(rows: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.asarray((coded[rows].sum(0) + smooth) / (rows.sum() + k * smooth))

    outer = np.empty((folds.n_repeats, n, k))
    inner = np.full((folds.n_repeats, folds.n_folds, n, k), np.nan)
    for repeat, assignment in enumerate(folds.assignment):
        for fold in range(folds.n_folds):
            outer[repeat, assignment == fold] = share(assignment != fold)
            for other in range(folds.n_folds):
                if other != fold:
                    rest = (assignment != fold) & (assignment != other)
                    chosen = rest if rest.any() else assignment != other
                    inner[repeat, fold, assignment == other] = share(chosen)
    evidence = Evidence(name("majority"), outer, 0.0, inner=inner)
    return [FittedControl(evidence, Majority(share(np.ones(n, dtype=bool))))]


CONTROLS.add("majority", ControlKind(tuple(Modality), fit))
