"""What all ways to begin share: the rows, their parts, how an answer is judged, what may be spent."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from headstart.core.kinds import Kind
from headstart.core.task import Task
from headstart.core.thinning import evenly
from headstart.core.watch import Silent, Watch
from headstart.data import select
from headstart.develop.parts import Parts
from headstart.metrics import METRICS
from headstart.metrics.estimates import WEIGHS_CLASSES_ALIKE
from headstart.metrics.scores import class_weighted
from headstart.training.calibration import softmax
from headstart.training.coded import coded_targets
from headstart.training.distillation import best_sharpness
from headstart.training.states import MEMORY_BYTES, Rows

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Judgement:
    """How good scores [m, k] are: losses fall (nats, or squared standardised errors), `score` rises.

    `losses` [m] are those of the rows, at the `sharpness` of the logits that suits them (values: 1).
    """

    losses: Array
    score: float
    sharpness: float

    @property
    def loss(self) -> float:
        """The mean loss."""
        return float(self.losses.mean())


@dataclass(frozen=True)
class Problem:
    """A task in its parts, with the clock.

    Attributes:
        deadline: on the clock of `time.monotonic`; inf without a time limit.
        memory_bytes: what cached states may take.
        checkpoints: a folder where attempts are kept while they last, to be taken up again after a kill.
    """

    task: Task
    parts: Parts
    deadline: float = math.inf
    memory_bytes: int = MEMORY_BYTES
    seed: int = 0
    device: str = "cpu"
    watch: Watch = field(default_factory=Silent)
    checkpoints: Path | None = None

    def left_s(self) -> float:
        """Seconds until the deadline."""
        return self.deadline - time.monotonic()

    def fewer(self, learn: int) -> Problem:
        """The same with at most so many rows to learn from, spread over them; held-out parts stay whole."""
        parts = self.parts
        kept = (parts.learn[evenly(len(parts.learn), learn)], parts.stop, parts.test)
        ends = np.cumsum([len(part) for part in kept])
        numbered = np.split(np.arange(ends[-1]), ends[:-1])
        return replace(self, task=select(self.task, np.concatenate(kept)), parts=Parts(*numbered))

    def sample(self, rows: int) -> Problem:
        """A few rows to learn from and nothing else, for the clock."""
        few = self.parts.learn[evenly(len(self.parts.learn), rows)]
        nothing = np.array([], dtype=np.int64)
        return replace(self, task=select(self.task, few), parts=Parts(np.arange(len(few)), nothing, nothing))

    def targets(self, rows: Rows) -> tuple[NDArray[np.float32], float, float]:
        """Coded for the loop by the rows that are learned from, with mean and spread of values."""
        return coded_targets(self.task, rows)

    def judged(self, scores: Array, rows: Rows, learned: Rows) -> Judgement:
        """Scores [m, k] of `rows` (logits, or standardised values) by a model that learned from `learned`."""
        coded, mean, spread = self.targets(learned)
        wanted = coded[rows].astype(np.float64)
        if self.task.kind is Kind.REGRESSION:
            losses = ((scores - wanted) ** 2)[:, 0]
            return Judgement(losses, self.scored(scores * spread + mean, rows, learned), 1.0)
        sharpness = best_sharpness(scores, wanted)
        probabilities = softmax(scores * sharpness)
        losses = -(wanted * np.log(probabilities)).sum(1)
        return Judgement(losses, self.scored(probabilities, rows, learned), sharpness)

    def decided(self, predictions: Array, learned: Rows) -> Array:
        """Predictions [m, k] in the form that the metric wants, by the class shares of what was learned."""
        if self.task.metric not in WEIGHS_CLASSES_ALIKE:
            return predictions
        counts = np.bincount(self.task.targets[learned], minlength=len(self.task.classes))
        return class_weighted(predictions, counts / len(learned))

    def scored(self, predictions: Array, rows: Rows, learned: Rows) -> float:
        """The metric on probabilities or values [m, k]."""
        return METRICS[self.task.metric].score(self.task.targets[rows], self.decided(predictions, learned))
