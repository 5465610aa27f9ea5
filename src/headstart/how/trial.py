"""One candidate in the race: its states, its fold models, what they predict out of fold."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.candidate import Candidate
from headstart.core.kinds import Modality
from headstart.core.seeds import derive
from headstart.core.shortfall import Shortfall
from headstart.how.context import Context
from headstart.how.fold_model import FoldModel
from headstart.how.holdouts import holdouts
from headstart.how.pieces import Piece
from headstart.how.refitting import refitted
from headstart.how.strategy import STRATEGIES, Fit, settings_of
from headstart.how.targets import losses
from headstart.training import step_precision
from headstart.training.checkpoint import Checkpoint
from headstart.training.coded import coded_targets
from headstart.training.head import Head, starting_head
from headstart.training.input_size import input_size
from headstart.training.loop import Tuned, refuse_untunable
from headstart.training.reading import features
from headstart.training.states import MEMORY_BYTES, Rows, States, cache_prefix

if TYPE_CHECKING:
    import torch

Array = NDArray[np.float64]


TIMED_STEPS = 3


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
        self.divide(self.settings.fits)
        self.size = input_size(self.network, context.task.inputs, self.settings.size)
        self.scores = np.full((len(context.task), context.task.n_outputs), np.nan)
        self.models: list[FoldModel] = []
        self.cost_s = 0.0
        self.status = ""
        self.shortfall: Shortfall | None = None
        self.seed = derive(context.seed, "how", candidate.id)
        self._states: States | None = None
        self._dtype: torch.dtype | None = None
        self._features: NDArray[np.float32] | None = None

    def divide(self, fits: int) -> None:
        """Have the rows predicted by so many fold models; before the first of them is fitted."""
        self.held = holdouts(self.context.folds, fits)
        self.candidate = replace(self.candidate, settings={**self.candidate.settings, "fits": len(self.held)})

    def smaller(self, least: int) -> Trial | None:
        """The same on pictures of the next smaller side that the source takes, `least` pixels or more."""
        is_image = self.context.task.modality is Modality.IMAGE
        sides = [side for side in self.network.card.input_sizes if is_image and least <= side < self.size]
        if not sides:
            return None
        name, settings = self.candidate.id.rpartition(":")[0], self.candidate.settings
        changed = replace(
            self.candidate, id=f"{name}:{max(sides)}", settings={**settings, "size": max(sides)}
        )
        return Trial(changed, self.context)

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

    def run_out(self, needed_s: float | None, left_s: float, *, begun: bool) -> None:
        """Say that time is too short for it, and by how much."""
        self.status = "out of time"
        self.shortfall = Shortfall(
            what=self.candidate.id,
            work="control" if self.candidate.is_control else "tuning",
            begun=begun,
            needed_s=needed_s,
            left_s=max(left_s, 0.0),
        )

    def fit_next(self) -> None:
        """Tune the next fold model and predict what it left out; or take both from an earlier process.

        Raises:
            Unfinished: the deadline came first; nothing is kept of this fit.
        """
        held, pieces = self.held[len(self.models)], self.context.pieces
        facts = self._facts(held) if pieces else []
        piece = pieces.take(facts) if pieces else None
        if piece is None:
            checkpoint = pieces.checkpoint(facts) if pieces else None
            piece = self._fitted(held, checkpoint)
            if pieces and checkpoint:
                pieces.keep(facts, piece)
                checkpoint.remove()
        else:
            self.cost_s += piece.cost_s
        self.scores[held] = piece.scores
        self.models.append(piece.model)

    def to_buy(self) -> int:
        """How many of its fits are neither bought nor kept from an earlier process."""
        left, pieces = self.held[len(self.models) :], self.context.pieces
        return len(left) - sum(pieces.has(self._facts(held)) for held in left) if pieces else len(left)

    def _facts(self, held: Rows) -> list[Any]:
        """What decides the bytes of a fit, beside the data and the surroundings."""
        source, weights = str(self.candidate.source), self.network.card.weights_sha256
        formats = [str(self.context.prefix_dtype(self.network)), str(self.dtype)]
        settings = {**self.settings.model_dump(), "fits": len(self.held)}
        method = [self.candidate.id, self.candidate.strategy, settings, self.size, self.seed]
        return [source, weights, *method, *formats, held]

    def _fitted(self, held: Rows, checkpoint: Checkpoint | None) -> Piece:
        began, cost_s = time.monotonic(), self.cost_s
        rows = np.setdiff1d(np.arange(len(self.context.task)), held)
        try:
            coded, mean, spread = coded_targets(self.context.task, rows)
            tuned = self._tune(rows, coded, began + self.context.budget.left_s(), checkpoint)
            if not tuned.finished:
                raise Unfinished
            model = FoldModel.of(tuned.tensors, tuned.head, mean, spread)
            if self.strategy.refits_head:
                model = refitted(model, held, self.context.task, self.read)
            scores = model.scores(self.read(held, tuned.tensors))
        finally:
            self.cost_s += time.monotonic() - began
        return Piece(model, scores, self.cost_s - cost_s)

    def read(self, rows: Rows, tensors: Mapping[str, torch.Tensor]) -> NDArray[np.float32]:
        """Last features of `rows` with `tensors` worn."""
        return features(self.network, self.states, rows, dtype=self.dtype, tensors=tensors)

    def losses(self, held: Rows) -> Array:
        """[m] log-loss (squared error for values) of out-of-fold rows."""
        return losses(self.scores[held], self.context.task, held, are_logits=True)

    @property
    def dtype(self) -> torch.dtype:
        """The number format of its training steps."""
        if self._dtype is None and self.context.step_dtype is not None:
            self._dtype = self.context.step_dtype(self.network)
        elif self._dtype is None:
            batch = np.arange(min(self.settings.batch_size, len(self.context.task)))
            self._dtype = step_precision.choose(
                self.network, self.tuning.cut, self.size, lambda dtype: self._rehearse(batch, dtype)
            )
        return self._dtype

    def predicted_fit_s(self) -> float:
        """Seconds for one fit on this machine, from a few timed steps; the prefix is cached on the way."""
        rows = np.arange(len(self.context.task))
        batch = rows[: self.settings.batch_size]
        self._rehearse(batch, self.dtype)  # the first step of a shape is slow
        step_s = math.inf
        for _ in range(TIMED_STEPS):  # the fastest counts: what is slower was disturbed by other work
            began = time.monotonic()
            self._rehearse(batch, self.dtype)
            step_s = min(step_s, time.monotonic() - began)
        return step_s * self.tuning.steps(len(rows) - len(self.held[0]))

    def _rehearse(self, rows: Rows, dtype: torch.dtype) -> None:
        """One epoch on a few rows, from an empty head, for the clock; nothing is kept."""
        k, width = self.context.task.n_outputs, self.network.taps[-1].width
        zeros = np.zeros(width, dtype=np.float32)
        head = Head(zeros, zeros + 1, np.zeros((k, width), np.float32), np.zeros(k, np.float32))
        coded, _, _ = coded_targets(self.context.task, rows)
        settings = self.settings.model_copy(update={"epochs": 1, "least_steps": 1})
        self.strategy.adapt(self._fit(rows, coded, head, dtype, math.inf), settings)

    def _tune(
        self, rows: Rows, coded: NDArray[np.float32], deadline: float, checkpoint: Checkpoint | None
    ) -> Tuned:
        head = starting_head(self._starting_features()[rows], coded[rows], self.context.task.kind)
        fit = replace(self._fit(rows, coded, head, self.dtype, deadline), checkpoint=checkpoint)
        return self.strategy.adapt(fit, self.settings)

    def _fit(
        self, rows: Rows, coded: NDArray[np.float32], head: Head, dtype: torch.dtype, deadline: float
    ) -> Fit:
        return Fit(
            network=self.network,
            states=self.states,
            rows=rows,
            targets=coded,
            kind=self.context.task.kind,
            head=head,
            dtype=dtype,
            seed=self.seed,
            deadline=deadline,
            watch=self.context.watch,
        )

    def _starting_features(self) -> NDArray[np.float32]:
        if self._features is None:
            start = self.strategy.start(self.network, self.settings, self.seed)
            self._features = self.read(np.arange(len(self.states)), start)
        return self._features
