"""Which way to begin: short, whole schedules of each, judged on the part held out to stop by; then the best.

A fresh, long schedule follows for the one ahead. What was best at any time is handed back, so that Ctrl-C
and the time limit always find something once a first pass was judged.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import NothingYet
from headstart.core.kinds import Kind, Modality
from headstart.develop.attempt import Attempt
from headstart.develop.bench import Bench
from headstart.develop.problem import Problem
from headstart.develop.start import Start
from headstart.training.calibration import softmax
from headstart.training.head import Head

if TYPE_CHECKING:
    import torch

# Of the time left, for each first try where several ways to begin are at hand; the rest is the winner's.
TRY_FRAC = 0.2
TRY_PASSES_FRAC = 0.25  # of the passes of a whole schedule, where time does not bind
LEAST_TRY = 2  # passes

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Developed:
    """The weights that were best on the part to stop by, and what they score on the part nobody used.

    Attributes:
        best: the attempt that they are of; `tries` are all attempts, that one among them.
        head: on raw features: logits as sharp as they may be, or values in the target's own unit.
        answers: [m, k] probabilities or values for the test part of `best.problem`, as the metric wants them.
    """

    best: Attempt
    tries: tuple[Attempt, ...]
    head: Head
    answers: Array

    @property
    def tensors(self) -> Mapping[str, torch.Tensor]:
        """The parameters that moved, by name."""
        return self.best.kept.tensors if self.best.kept else {}


def develop(starts: Sequence[Start], problem: Problem) -> Developed:
    """Try each start, then go on with the best; under the deadline of `problem`.

    Raises:
        NothingYet: stopped, or out of time, before the first pass was judged.
    """
    problem.watch.stage("developing")
    if problem.left_s() <= 0:
        raise _nothing((), problem)
    benches = {start.id: Bench(start, problem) for start in starts}
    tries: list[Attempt] = []
    if len(starts) > 1 or problem.task.modality is Modality.IMAGE:  # a first try also tells about mirrors
        tries = _first_tries(list(benches.values()), problem)
    ahead = min(tries, key=lambda attempt: attempt.loss, default=None)
    bench = benches[ahead.start.id] if ahead else benches[starts[0].id]
    for other in benches.values():
        if other is not bench:
            other.release()
    if not problem.watch.stop_requested and (ahead is None or _is_worth_more(ahead, bench, problem)):
        tries.append(_whole(bench, ahead, problem))
    best = min(tries, key=lambda attempt: attempt.loss, default=None)
    if best is None or best.kept is None:
        raise _nothing(tries, problem)
    return _scored(benches[best.start.id], best, tries)


def _first_tries(benches: Sequence[Bench], problem: Problem) -> list[Attempt]:
    share_s = TRY_FRAC * problem.left_s()
    tries = []
    for bench in benches:
        if problem.watch.stop_requested:
            break
        began = time.monotonic()
        if not bench.afford(share_s):
            tries.append(_unaffordable(bench))
            continue
        whole = bench.start.tuning.passes(len(bench.problem.parts.learn))
        passes = max(LEAST_TRY, round(TRY_PASSES_FRAC * whole))
        passes = min(passes, bench.passes_in(share_s - (time.monotonic() - began)))
        tries.append(bench.attempt(passes, began + share_s))
    return tries


def _unaffordable(bench: Bench) -> Attempt:
    return Attempt(bench.start, bench.problem, None, (), 0, bench.cost_s, "out of time")


def _is_worth_more(ahead: Attempt, bench: Bench, problem: Problem) -> bool:
    """Whether the winner's whole schedule would be longer than its try was."""
    return ahead.kept is None or bench.passes_in(problem.left_s()) > ahead.passes


def _whole(bench: Bench, tried: Attempt | None, problem: Problem) -> Attempt:
    if tried is not None:
        bench.mirror_if_it_fits(tried, problem.left_s())
    bench.use(problem)  # with more time than for a first try, more rows can be paid for
    bench.afford(problem.left_s())
    passes = bench.passes_in(problem.left_s())
    problem.watch.stage(f"developing from {bench.start.id}", passes)
    return bench.attempt(passes, problem.deadline)


def _scored(bench: Bench, best: Attempt, tries: Sequence[Attempt]) -> Developed:
    """The one touch of the test part."""
    assert best.kept is not None
    problem, found = best.problem, best.kept
    parts, task = problem.parts, problem.task
    raw = bench.scores(parts.test, best)
    weight, bias = found.head.weight, found.head.bias
    if task.kind is Kind.CLASSIFICATION:
        sharpness = np.float32(found.judgement.sharpness)
        weight, bias = weight * sharpness, bias * sharpness
        answers = softmax(raw * float(sharpness))
    else:
        _, mean, spread = problem.targets(parts.learn)
        weight, bias = weight * np.float32(spread), bias * np.float32(spread) + np.float32(mean)
        answers = raw * spread + mean
    head = Head(found.head.mean, found.head.inverse, weight, bias)
    return Developed(best, tuple(tries), head, problem.decided(answers, parts.learn))


def _nothing(tries: Sequence[Attempt], problem: Problem) -> NothingYet:
    if problem.watch.stop_requested:
        return NothingYet(
            "stopped before the first pass over the examples was done",
            remedy="Nothing was kept; the store is as it was.",
        )
    failed = [attempt.status for attempt in tries if attempt.status.startswith("failed")]
    if failed:
        return NothingYet(f"nothing could be learned: {failed[0].removeprefix('failed: ')}")
    return NothingYet(
        "the time was over before anything was learned",
        remedy="Give it more time with --time-limit; nothing was kept.",
    )
