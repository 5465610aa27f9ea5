"""One candidate in the race: its states, its fold models, what they predict out of fold."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from headstart.core.budget import Budget
from headstart.core.candidate import Candidate
from headstart.core.folds import Folds
from headstart.core.kinds import Kind
from headstart.core.seeds import derive
from headstart.core.source import Network
from headstart.core.task import Task
from headstart.core.watch import Silent, Watch
from headstart.how.fold_model import FoldModel
from headstart.how.holdouts import holdouts
from headstart.how.input_size import input_size
from headstart.how.strategy import STRATEGIES, Fit, settings_of
from headstart.training.calibration import softmax
from headstart.training.head import Head, starting_head
from headstart.training.loop import Tuned, refuse_untunable
from headstart.training.reading import features
from headstart.training.states import MEMORY_BYTES, Rows, States, cache_prefix

if TYPE_CHECKING:
    import torch

Array = NDArray[np.float64]


def float32(network: Network) -> torch.dtype:
    """The precision that is right everywhere and fast nowhere."""
    import torch

    return torch.float32


@dataclass(frozen=True)
class Context:
    """What all candidates of a race share.

    Attributes:
        open_network: source id -> the loaded network (the same object every time: it is only lent).
        reference: source id -> the look's out-of-fold predictions [repeats, n, k]; may lack sources.
        prefix_dtype, step_dtype: the precision of a forward pass, and of a training step.
    """

    task: Task
    folds: Folds
    open_network: Callable[[str], Network]
    reference: Mapping[str, Array] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)
    seed: int = 0
    watch: Watch = field(default_factory=Silent)
    prefix_dtype: Callable[[Network], torch.dtype] = float32
    step_dtype: Callable[[Network], torch.dtype] = float32


class Unfinished(Exception):
    """The deadline or a stop came before the fit was done."""


class Trial:
    """A candidate that buys its evidence fit by fit.

    `scores` [n, k] are out-of-fold logits (or values), NaN until bought; `models` its fold models so far.
    """

    def __init__(self, candidate: Candidate, context: Context) -> None:
        self.context = context
        self.network = context.open_network(str(candidate.source))
        refuse_untunable(self.network)
        self.strategy = STRATEGIES[candidate.strategy]
        self.settings = settings_of(candidate.strategy, candidate.settings)
        self.tuning = self.strategy.tuning(self.network, self.settings)
        self.candidate = replace(candidate, parts=self.strategy.parts(self.network, self.settings))
        self.held = holdouts(context.folds, self.settings.fits)
        self.size = input_size(self.network, context.task.inputs, self.settings.size)
        self.scores = np.full((len(context.task), context.task.n_outputs), np.nan)
        self.models: list[FoldModel] = []
        self.cost_s = 0.0
        self.status = ""
        self.seed = derive(context.seed, "how", candidate.id)
        self._states: States | None = None
        self._features: NDArray[np.float32] | None = None

    @property
    def states(self) -> States:
        """The cached prefix, made at first use."""
        if self._states is None:
            self._states = cache_prefix(
                self.network,
                self.context.task.inputs,
                self.size,
                self.tuning.cut,
                dtype=self.context.prefix_dtype(self.network),
                flips=(False, True) if self.settings.flip else (False,),
                memory_bytes=min(self.context.budget.memory_bytes or 4 * MEMORY_BYTES, 4 * MEMORY_BYTES) // 4,
            )
        return self._states

    def release(self) -> None:
        """Let the cached states go."""
        self._states = None
        self._features = None

    @property
    def is_whole(self) -> bool:
        """Whether every fit was bought."""
        return len(self.models) == len(self.held)

    def fit_next(self) -> None:
        """Tune the next fold model and predict the rows that it left out.

        Raises:
            Unfinished: the deadline came first; nothing is kept of this fit.
        """
        began = time.monotonic()
        held = self.held[len(self.models)]
        rows = np.setdiff1d(np.arange(len(self.context.task)), held)
        try:
            coded, mean, spread = coded_targets(self.context.task, rows)
            tuned = self._tune(rows, coded, began + self.context.budget.left_s())
            if not tuned.finished:
                raise Unfinished
            head = self._refitted(tuned, rows, coded) if self.strategy.refits_head else tuned.head
            model = FoldModel.of(tuned.tensors, head, mean, spread)
            self.scores[held] = model.scores(self.read(held, tuned.tensors))
            self.models.append(model)
        finally:
            self.cost_s += time.monotonic() - began

    def read(self, rows: Rows, tensors: Mapping[str, torch.Tensor]) -> NDArray[np.float32]:
        """Last features of `rows` with `tensors` worn."""
        dtype = self.context.step_dtype(self.network)
        return features(self.network, self.states, rows, dtype=dtype, tensors=tensors)

    def losses(self, held: Rows) -> Array:
        """[m] log-loss (squared error for values) of out-of-fold rows."""
        return losses(self.scores[held], self.context.task, held, are_logits=True)

    def predicted_fit_s(self) -> float:
        """Seconds for one fit on this machine, from two timed steps; the prefix is cached on the way."""
        rows = np.arange(len(self.context.task))
        batch = min(self.settings.batch_size, len(rows))
        coded, _, _ = coded_targets(self.context.task, rows)
        some = rows[: 2 * batch]
        short = self.settings.model_copy(update={"epochs": 1})
        self._tune(some[:batch], coded, math.inf, short)  # the first step of a shape is slow
        began = time.monotonic()
        self._tune(some, coded, math.inf, short)
        step_s = (time.monotonic() - began) / max(-(-len(some) // batch), 1)
        return step_s * self.tuning.steps(len(rows) - len(self.held[0]))

    def _tune(
        self, rows: Rows, coded: NDArray[np.float32], deadline: float, settings: object | None = None
    ) -> Tuned:
        fit = Fit(
            network=self.network,
            states=self.states,
            rows=rows,
            targets=coded,
            kind=self.context.task.kind,
            head=starting_head(self._starting_features()[rows], coded[rows], self.context.task.kind),
            dtype=self.context.step_dtype(self.network),
            seed=self.seed,
            deadline=deadline,
            watch=self.context.watch,
        )
        return self.strategy.adapt(fit, settings or self.settings)

    def _starting_features(self) -> NDArray[np.float32]:
        if self._features is None:
            start = self.strategy.start(self.network, self.settings, self.seed)
            self._features = self.read(np.arange(len(self.states)), start)
        return self._features

    def _refitted(self, tuned: Tuned, rows: Rows, coded: NDArray[np.float32]) -> Head:
        return starting_head(self.read(rows, tuned.tensors), coded[rows], self.context.task.kind)


def coded_targets(task: Task, rows: Rows) -> tuple[NDArray[np.float32], float, float]:
    """[n, k] one-hot; or [n, 1] values standardised by the mean and spread of `rows`, and these two."""
    if task.kind is Kind.CLASSIFICATION:
        return np.eye(task.n_outputs, dtype=np.float32)[task.targets], 0.0, 1.0
    mean, spread = float(task.targets[rows].mean()), float(task.targets[rows].std()) or 1.0
    return ((task.targets - mean) / spread).astype(np.float32)[:, None], mean, spread


def losses(predictions: Array, task: Task, rows: Rows, *, are_logits: bool) -> Array:
    """[m] loss of each row: minus log-likelihood of the class, or squared error of the value."""
    truth = task.targets[rows]
    if task.kind is Kind.CLASSIFICATION:
        probabilities = softmax(predictions) if are_logits else np.maximum(predictions, 1e-12)
        return np.asarray(-np.log(probabilities[np.arange(len(rows)), truth]))
    return np.asarray((predictions[:, 0] - truth) ** 2)
