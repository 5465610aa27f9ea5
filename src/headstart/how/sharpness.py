"""How sure a tuned model may be: one factor on its logits, fitted on rows that it did not see."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from headstart.training.calibration import softmax
from headstart.training.states import Rows

Array = NDArray[np.float64]

RANGE = (-4.0, 1.0)  # of log2(sharpness): tuned networks are too sure rather than too modest
DOUBT_ROWS = 10.0  # the pull towards 1: that many rows at one doubling away from it lose 1 nat


def best_sharpness(logits: Array, labels: NDArray[np.int64]) -> float:
    """The factor with the best log-likelihood (temperature scaling, Guo et al., ICML 2017).

    >>> best_sharpness(np.tile([8.0, 0.0], (100, 1)), np.arange(100) % 2) < 0.3
    True
    """

    def loss(log2: float) -> float:
        chosen = softmax(logits * 2.0**log2)[np.arange(len(labels)), labels]
        return float(-np.log(chosen).sum() + DOUBT_ROWS * log2**2 / 10.0)

    return float(2.0 ** minimize_scalar(loss, bounds=RANGE, method="bounded").x)


def cross_fitted(logits: Array, labels: NDArray[np.int64], held: Sequence[Rows]) -> Array:
    """Probabilities [n, k]; the rows of each holdout by the sharpness that suits the other rows."""
    probabilities = np.empty_like(logits)
    for rows in held:
        others = np.setdiff1d(np.arange(len(labels)), rows)
        probabilities[rows] = softmax(logits[rows] * best_sharpness(logits[others], labels[others]))
    return probabilities
