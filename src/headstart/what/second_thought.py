"""Before a source is refused for its price: what a few of the task's own examples really take."""

from __future__ import annotations

import time

import numpy as np

from headstart.core.task import Inputs
from headstart.sources.extract import extract_all
from headstart.sources.reading import Reading

FEW = 3  # examples, after one that prepares the network


def seconds_now(one: Reading, inputs: Inputs, threads: int, patience_s: float) -> float:
    """Seconds an example takes through `one` now, decoding included; nothing is cached.

    A probe is kept per machine, so one that was taken beside other work would keep a source out for ever.
    The first example alone tells, where it takes longer than `patience_s`.
    """
    rows = np.linspace(0, len(inputs) - 1, FEW + 1).astype(int).tolist()
    took_s = _read(one, inputs, rows[:1], threads)
    return took_s if took_s > patience_s else _read(one, inputs, rows[1:], threads) / FEW


def _read(one: Reading, inputs: Inputs, rows: list[int], threads: int) -> float:
    began_s = time.perf_counter()
    extract_all([one], inputs, rows=rows, threads=threads)
    return time.perf_counter() - began_s
