"""A start on a problem: its states are cached once, its pace is measured, any schedule can be tried."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from headstart.core.kinds import Modality
from headstart.core.seeds import derive
from headstart.data import select
from headstart.develop.attempt import Attempt
from headstart.develop.early_stopping import EarlyStopping
from headstart.develop.kept_attempt import kept_attempt
from headstart.develop.lesson import fitting_head, judging, objective
from headstart.develop.mirrored import AsTheyAre, BothWays, keep_their_class
from headstart.develop.problem import Judgement, Problem
from headstart.develop.start import Start
from headstart.sources import precision
from headstart.training import step_precision
from headstart.training.diverged import Diverged
from headstart.training.head import Head
from headstart.training.judging import Pass
from headstart.training.loop import Tuned, refuse_untunable, train
from headstart.training.reading import features
from headstart.training.states import BATCH, Rows, States, cache_prefix

if TYPE_CHECKING:
    import torch

TIMED_STEPS = 3  # the fastest counts: what is slower was disturbed by other work
MIRROR_FRAC = 0.25
LEAST_PASSES = 2  # rows are given up before fewer passes are made


class Bench:
    """Buys attempts of one start: `problem` has the rows that it can pay for."""

    def __init__(self, start: Start, problem: Problem) -> None:
        refuse_untunable(start.network)
        lent: Any = start.network
        lent.to(problem.device)  # also lays the weights out as they are timed, so that bytes repeat
        self.start, self.problem = start, problem
        self.cost_s = 0.0
        self._seed = derive(problem.seed, "develop", start.id)
        self._states: States | None = None
        self._dtype: torch.dtype | None = None
        self._row_s = self._step_s = 0.0

    @property
    def states(self) -> States:
        """What the frozen blocks give for every row, in both views where it learns from both."""
        if self._states is None:
            flips = (False, True) if self.start.mirrored and self.start.tuning.cut else (False,)
            self._states = self._cached(self.problem, flips)
        return self._states

    def mirror_if_it_fits(self, tried: Attempt, seconds: float) -> None:
        """Learn from mirror images too, where they keep their class and can be paid for.

        Above a cut the frozen blocks have to be run on them: that may take MIRROR_FRAC of `seconds`.
        """
        rows = self.problem.parts.stop
        if tried.kept is None or self.problem.task.modality is not Modality.IMAGE:
            return
        if self.start.tuning.cut and self._row_s * len(self.problem.task) > MIRROR_FRAC * seconds:
            return
        began = time.monotonic()
        pictures = replace(self.problem, task=select(self.problem.task, rows))
        network, tensors = self.start.network, tried.kept.tensors
        read = features(
            network,
            self._cached(pictures, flips=(True,)),
            np.arange(len(rows)),
            dtype=self.dtype,
            tensors=tensors,
        )
        found = self.problem.judged(tried.kept.head.scores(read), rows, self.problem.parts.learn)
        if keep_their_class(tried.kept.judgement.losses, found.losses):
            self.start = replace(self.start, mirrored=True)
            self.release()
        self.cost_s += time.monotonic() - began

    def use(self, problem: Problem) -> None:
        """Go on with these rows; states of others are let go."""
        if problem is not self.problem:
            self.problem = problem
            self.release()

    def release(self) -> None:
        """Let the cached states go."""
        self._states = None

    def afford(self, seconds: float) -> bool:
        """Give up rows until the frozen blocks and LEAST_PASSES fit into `seconds`; False where none do."""
        if math.isinf(seconds):
            return True
        began = time.monotonic()
        if not self._step_s:
            self._measure()
            self.cost_s += time.monotonic() - began
        parts, batch = self.problem.parts, self.start.tuning.batch_size
        held_s = self._row_s * (len(parts.stop) + len(parts.test))
        one_s = self._row_s + LEAST_PASSES * judging(self.start) * self._step_s / batch
        rows = int((seconds - (time.monotonic() - began) - held_s) / one_s)
        if rows < batch:
            return False
        if rows < len(parts.learn):
            self.problem = self.problem.fewer(rows)
        return True

    def passes_in(self, seconds: float) -> int:
        """How many passes fit, at most those of the preset; states that are not cached yet count."""
        tuning, rows = self.start.tuning, len(self.problem.parts.learn)
        if math.isinf(seconds):
            return tuning.passes(rows)
        views = 2 if self.start.mirrored and tuning.cut else 1
        cached_s = views * self._row_s * len(self.problem.task) if self._states is None else 0.0
        per_pass_s = judging(self.start) * self._step_s * tuning.batches(rows)
        return max(1, min(tuning.passes(rows), int((seconds - cached_s) / per_pass_s)))

    def attempt(self, passes: int, deadline: float) -> Attempt:
        """Learn for so many passes, or until early stopping, `deadline` or the user ends it."""
        began, problem = time.monotonic(), self.problem
        start = self.start.lasting(passes, len(problem.parts.learn))
        stopping = EarlyStopping(self._judge, passes, problem.watch, start.id)
        try:
            tuned = self._train(start, deadline, stopping)
            if stopping.best is None and tuned.steps and not problem.watch.stop_requested:
                self._judge_part_of_a_pass(tuned, stopping)
            status = "complete" if tuned.finished else "stopped early" if stopping.fired else "out of time"
        except (Diverged, MemoryError, RuntimeError, np.linalg.LinAlgError) as failure:
            status = f"failed: {str(failure).splitlines()[0] if str(failure) else type(failure).__name__}"
        self.cost_s += time.monotonic() - began
        return Attempt(start, problem, stopping.best, tuple(stopping.curve), passes, self.cost_s, status)

    def scores(self, kept_rows: Rows, attempt: Attempt) -> np.ndarray:
        """[m, k] logits, or standardised values, of the weights that an attempt kept."""
        assert attempt.kept is not None
        self.use(attempt.problem)
        plain = AsTheyAre(self.states)
        read = features(self.start.network, plain, kept_rows, dtype=self.dtype, tensors=attempt.kept.tensors)
        return attempt.kept.head.scores(read)

    @property
    def dtype(self) -> torch.dtype:
        """The number format of a step, from a timed probe that is kept per machine."""
        if self._dtype is None:
            some = self.problem.sample(self.start.tuning.batch_size)
            states = self._cached(some)
            self._dtype = step_precision.choose(
                self.start.network,
                self.start.tuning.cut,
                self.start.size,
                lambda dtype: self._rehearse(states, some, dtype),
            )
        return self._dtype

    def _cached(self, problem: Problem, flips: Sequence[bool] = (False,)) -> States:
        import torch

        network, size = self.start.network, self.start.size
        chosen = precision.choose(network, size, device=problem.device, threads=torch.get_num_threads())
        return cache_prefix(
            network,
            problem.task.inputs,
            size,
            self.start.tuning.cut,
            dtype=getattr(torch, chosen.dtype),
            flips=flips,
            memory_bytes=problem.memory_bytes,
        )

    def _judge(self, head: Head) -> tuple[Head, Judgement]:
        """On the part to stop by, by this head; what learns on pairs gets one that fits its features now."""
        if self.start.pairs:
            head = fitting_head(self.start, self.problem, self.states, self.dtype)
        rows = self.problem.parts.stop
        read = features(self.start.network, AsTheyAre(self.states), rows, dtype=self.dtype)
        return head, self.problem.judged(head.scores(read), rows, self.problem.parts.learn)

    def _judge_part_of_a_pass(self, tuned: Tuned, stopping: EarlyStopping) -> None:
        """Time for not one pass: what a part of it brought is all there is."""
        from headstart.training.lending import wearing

        with wearing(self.start.network, tuned.tensors):
            worn = dict(self.start.network.module.named_parameters())
            moving = {name: worn[name] for name in tuned.tensors}
            stopping(Pass(1, tuned.loss, moving, tuned.head))

    def _train(self, start: Start, deadline: float, judge: EarlyStopping) -> Tuned:
        problem, rows = self.problem, self.problem.parts.learn
        states = BothWays(self.states) if start.mirrored and not start.tuning.cut else self.states
        coded, _, _ = problem.targets(rows)
        head = fitting_head(start, problem, states, self.dtype)
        return train(
            start.network,
            states,
            rows,
            coded,
            head,
            start.tuning,
            objective=objective(self.start, self.problem),
            dtype=self.dtype,
            seed=self._seed,
            deadline=deadline,
            watch=problem.watch,
            checkpoint=kept_attempt(problem, start, judge),
            judge=judge,
        )

    def _rehearse(self, states: States, some: Problem, dtype: torch.dtype) -> None:
        """One step from an empty head, for the clock; nothing is kept."""
        rows = some.parts.learn
        coded, _, _ = some.targets(rows)
        width, k = self.start.network.taps[-1].width, coded.shape[1]
        zeros = np.zeros(width, np.float32)
        head = Head(zeros, zeros + 1, np.zeros((k, width), np.float32), np.zeros(k, np.float32))
        once = replace(self.start.tuning, epochs=1, least_steps=1)
        train(
            self.start.network,
            states,
            rows[: once.batch_size],
            coded,
            head,
            once,
            objective=objective(self.start, self.problem),
            dtype=dtype,
            seed=0,
        )

    def _measure(self) -> None:
        """Seconds for a row through the frozen blocks, and for a step."""
        some, dtype = self.problem.sample(BATCH), self.dtype
        began = time.monotonic()
        states = self._cached(some)
        self._row_s = (time.monotonic() - began) / len(some.task)
        self._step_s = math.inf
        for _ in range(TIMED_STEPS):
            began = time.monotonic()
            self._rehearse(states, some, dtype)
            self._step_s = min(self._step_s, time.monotonic() - began)
