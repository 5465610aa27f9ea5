"""Milliseconds an example, measured here."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from headstart.core.task import Inputs
from headstart.core.thinning import evenly

TIMED_ROWS, TIMED_ROUNDS = 32, 5  # the fastest round counts: what is slower was disturbed


def milliseconds(
    answers: Sequence[Callable[[Inputs], object]],
    inputs: Inputs,
    *,
    rows: int = TIMED_ROWS,
    rounds: int = TIMED_ROUNDS,
) -> list[float]:
    """Milliseconds an example of each way to answer, on the same `rows` rows, in turn."""
    some = inputs.select(evenly(len(inputs), rows).tolist())
    seconds = [float("inf")] * len(answers)
    for _ in range(rounds):
        for index, answer in enumerate(answers):
            started_s = time.perf_counter()
            answer(some)
            seconds[index] = min(seconds[index], time.perf_counter() - started_s)
    return [1e3 * one / len(some) for one in seconds]
