"""The gate decides whether the combination or the control is handed back.

Two questions, both on the cross-fitted log-likelihood (squared error for regression) of the same rows:
is the combination ahead of the control, and is what was transferred able to stand without the control?
The second catches useless sources, whose combination with the control is the control plus noise: alone
they are clearly behind it, long before the combination is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.folds import Folds

Array = NDArray[np.float64]

AHEAD = 0.25  # standard errors by which the combination must lead; docs/LOG.md 2026-11-23
ALONE = 0.5  # standard errors by which the sources alone may trail; same place


@dataclass(frozen=True)
class Gate:
    """The answer, with both differences in standard errors (Nadeau & Bengio)."""

    passed: bool
    lead: float
    lead_alone: float


def gate(combination: Array, sources_alone: Array, control: Array, folds: Folds) -> Gate:
    """Compare cross-fitted log-likelihoods [repeats, n]."""
    lead = difference(combination - control, folds)
    alone = difference(sources_alone - control, folds)
    return Gate(lead > AHEAD and alone > -ALONE, lead, alone)


def difference(rows: Array, folds: Folds) -> float:
    """Mean of row differences [repeats, n] in units of its Nadeau-Bengio standard error over folds."""
    means = np.array([rows[repeat, held].mean() for repeat, _, _, held in folds.splits()])
    share = 1.0 / len(means) + 1.0 / (folds.n_folds - 1)
    error = math.sqrt(share * float(means.var(ddof=1))) if len(means) > 1 else math.inf
    mean = float(rows.mean())
    return mean / error if error > 0 else math.copysign(math.inf, mean) if mean else 0.0
