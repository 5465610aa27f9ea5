"""Which ways to begin can meet a specification: told by weights and clock, before anything is developed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from headstart.core.finding import Finding
from headstart.core.specification import Specification
from headstart.core.task import Inputs
from headstart.develop.start import Start
from headstart.recipes.admitting import left_out, refusal
from headstart.recipes.meeting import TIMED_ROUNDS, TIMED_ROWS
from headstart.recipes.speed import milliseconds
from headstart.training.head import Head

FLOAT_BYTES = 4


def within(
    starts: Sequence[Start], asked: Specification | None, inputs: Inputs
) -> tuple[tuple[Start, ...], tuple[Finding, ...]]:
    """The starts that can meet what is asked of size, time and pictures, and a finding for each that cannot.

    Where none can all stay: the table of requirements will say by how much they fail.
    """
    if asked is None:
        return tuple(starts), ()
    why = {start.id: _too_much(start, asked, inputs) for start in starts}
    fitting = tuple(start for start in starts if not why[start.id])
    if not fitting:
        return tuple(starts), ()
    return fitting, tuple(left_out(start, reason) for start, reason in why.items() if reason)


def timed(start: Start, inputs: Inputs, head: Head | None = None) -> float:
    """Milliseconds an example, from the picture or text to the answer (without a head: the features)."""
    (taken,) = milliseconds([_answer(start, head)], inputs, rows=TIMED_ROWS, rounds=TIMED_ROUNDS)
    return taken


def _answer(start: Start, head: Head | None) -> Callable[[Inputs], object]:
    import torch

    network = start.network

    def answer(inputs: Inputs) -> object:
        with torch.inference_mode():
            batch = network.batch([inputs.read(row) for row in range(len(inputs))], start.size)
            seen = network.suffix(batch, 0).numpy()
        return seen if head is None else head.scores(seen)

    return answer


def _too_much(start: Start, asked: Specification, inputs: Inputs) -> str:
    """Why a start cannot meet what is asked, in words; empty where it can."""
    card = start.network.card
    if start.parent is None:  # what is made from nothing has its maker's licence
        asked = asked.model_copy(update={"licence": None})
    if why := refusal(card, asked, inputs.modality):
        return why
    size_mb = FLOAT_BYTES * card.parameters / 1e6
    if asked.size_mb is not None and size_mb > asked.size_mb:
        return f"its weights take {size_mb:.0f} MB, asked for are {asked.size_mb:g} at most"
    if asked.latency_ms is not None:
        taken_ms = timed(start, inputs)
        if taken_ms > asked.latency_ms:
            return f"it takes {taken_ms:.1f} ms an example, asked for are {asked.latency_ms:g} at most"
    return ""
