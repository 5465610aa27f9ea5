"""The gate decides whether the combination or the control is handed back.

One question, on the cross-fitted log-likelihood (squared error for regression) of the same rows: does the
combination lead the control by AHEAD standard errors? Several rules were tried on 13 data sets (alone
against the control, with the metric, a fitted mix of all): none separates better, they only trade harm
for gain; docs/LOG.md 2026-11-23.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.folds import Folds

Array = NDArray[np.float64]

AHEAD = 0.5  # standard errors by which the combination must lead; docs/LOG.md 2026-11-23


@dataclass(frozen=True)
class Gate:
    """The answer, and the lead in standard errors (Nadeau & Bengio)."""

    passed: bool
    lead: float


def gate(combination: Array, control: Array, folds: Folds) -> Gate:
    """Compare cross-fitted log-likelihoods [repeats, n]."""
    lead = difference(combination - control, folds)
    return Gate(lead > AHEAD, lead)


def difference(rows: Array, folds: Folds) -> float:
    """Mean of row differences [repeats, n] in units of its Nadeau-Bengio standard error over folds."""
    means = np.array([rows[repeat, held].mean() for repeat, _, _, held in folds.splits()])
    share = 1.0 / len(means) + 1.0 / (folds.n_folds - 1)
    error = math.sqrt(share * float(means.var(ddof=1))) if len(means) > 1 else math.inf
    mean = float(rows.mean())
    return mean / error if error > 0 else math.copysign(math.inf, mean) if mean else 0.0
