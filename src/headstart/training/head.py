"""The head that tuning starts from: a ridge probe on the frozen features, in closed form (LP-FT).

A head that already fits keeps the first steps from distorting the features (Kumar et al., ICLR 2022).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from headstart.core.kinds import Kind
from headstart.training.calibration import SHARPNESS, softmax
from headstart.training.kernel_ridge import PENALTIES

Array = NDArray[np.float64]

LEAST_SPREAD = 0.1  # of the mean one: a nearly constant feature must not explode once the network moves


@dataclass(frozen=True)
class Head:
    """Scores ``((features - mean) * inverse) @ weight.T + bias``: logits, or standardised values.

    `mean`, `inverse` [d] are the features' moments at the start, `weight` [k, d], `bias` [k].
    """

    mean: NDArray[np.float32]
    inverse: NDArray[np.float32]
    weight: NDArray[np.float32]
    bias: NDArray[np.float32]

    def folded(self) -> tuple[Array, Array]:
        """The same head on raw features: weight [k, d] and bias [k]."""
        weight = self.weight.astype(np.float64) * self.inverse
        return weight, self.bias - weight @ self.mean

    def scores(self, features: NDArray[np.floating]) -> Array:
        """[n, k] scores of raw features [n, d]."""
        weight, bias = self.folded()
        return np.asarray(features @ weight.T + bias)


def starting_head(features: NDArray[np.floating], targets: NDArray[np.floating], kind: Kind) -> Head:
    """Ridge on `targets` [n, k] (one-hot, or one standardised column), penalty by leave-one-out.

    For classes the scores are made logits: the sharpness with the best leave-one-out log-likelihood
    multiplies them.
    """
    mean = features.mean(0, dtype=np.float64)
    spread = features.std(0, dtype=np.float64)
    inverse = 1.0 / np.maximum(spread, max(LEAST_SPREAD * float(spread.mean()), 1e-6))
    design = (features - mean) * inverse
    offset = targets.mean(0)
    left, values, right = _thin_svd(design)
    rotated = left.T @ (targets - offset)
    best = (-np.inf, PENALTIES[0], 1.0)
    scale = float((values**2).sum()) / max(len(features), 1)
    for penalty in PENALTIES:
        shrink = values**2 / (values**2 + penalty * scale)
        hat = (left**2 * shrink).sum(1, keepdims=True) + 1.0 / len(features)
        fitted = offset + left @ (shrink[:, None] * rotated)
        held = targets - (targets - fitted) / np.maximum(1.0 - hat, 1e-6)
        best = max(best, *((_merit(held * s, targets, kind), penalty, s) for s in _sharpness(kind)))
    _, penalty, sharpness = best
    weight = (right.T * (values / (values**2 + penalty * scale))) @ rotated
    as_float32 = [mean, inverse, weight.T * sharpness, offset * sharpness]
    return Head(*(np.asarray(part, dtype=np.float32) for part in as_float32))


def _sharpness(kind: Kind) -> tuple[float, ...]:
    return SHARPNESS if kind is Kind.CLASSIFICATION else (1.0,)


def _merit(scores: Array, targets: NDArray[np.floating], kind: Kind) -> float:
    if kind is Kind.CLASSIFICATION:
        return float((targets * np.log(softmax(scores))).sum(1).mean())
    return -float(((scores - targets) ** 2).mean())


def _thin_svd(design: Array) -> tuple[Array, Array, Array]:
    """U [n, r], s [r], V' [r, d], from an eigendecomposition on the shorter side."""
    n, d = design.shape
    if n <= d:
        values, left = scipy.linalg.eigh(design @ design.T, check_finite=False)
        keep = values > 1e-9 * max(float(values.max()), 1e-300)
        left, values = left[:, keep], np.sqrt(values[keep])
        return left, values, (left / values).T @ design
    values, right = scipy.linalg.eigh(design.T @ design, check_finite=False)
    keep = values > 1e-9 * max(float(values.max()), 1e-300)
    right, values = right[:, keep], np.sqrt(values[keep])
    return design @ (right / values), values, right.T
