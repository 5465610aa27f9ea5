"""The gate decides whether the combination or the control is handed back.

One question, on the cross-fitted log-likelihood (squared error for regression) of the same rows: how many
standard errors does the combination lead the control by? How many it must depends on what was known
before: a source that sees what is in the examples seldom harms beside the control, so it is used unless it
is clearly behind; of one that could not be shown to see, a clear lead is asked. With labels alone no rule
separates the two as well (several were tried; docs/LOG.md 2026-11-23 and -24, docs/design/0003).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.folds import Folds

Array = NDArray[np.float64]

SOUND_AHEAD = -1.0  # standard errors by which the combination of sound sources must lead
UNSURE_AHEAD = 2.0  # the same, of sources that nothing is known about


@dataclass(frozen=True)
class Gate:
    """The answer, the lead in standard errors (Nadeau & Bengio), and what it was held against."""

    passed: bool
    lead: float
    is_sound: bool


def gate(combination: Array, control: Array, folds: Folds, *, is_sound: bool) -> Gate:
    """Compare cross-fitted log-likelihoods [repeats, n]."""
    lead = difference(combination - control, folds)
    return Gate(lead > (SOUND_AHEAD if is_sound else UNSURE_AHEAD), lead, is_sound)


def difference(rows: Array, folds: Folds) -> float:
    """Mean of row differences [repeats, n] in units of its Nadeau-Bengio standard error over folds."""
    means = np.array([rows[repeat, held].mean() for repeat, _, _, held in folds.splits()])
    share = 1.0 / len(means) + 1.0 / (folds.n_folds - 1)
    error = math.sqrt(share * float(means.var(ddof=1))) if len(means) > 1 else math.inf
    mean = float(rows.mean())
    return mean / error if error > 0 else math.copysign(math.inf, mean) if mean else 0.0
