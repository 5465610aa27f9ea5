"""A kernel ridge fitted on a teacher's probabilities instead of labels, with honest out-of-fold answers.

Distillation (Hinton, Vinyals & Dean 2015) in closed form. Two codings of the teacher's answers compete:
its log-probabilities, as Ba & Caruana (2014) have it, and the probabilities themselves. The first mostly
wins (docs/how.md). The coding, the penalty and the sharpness (an inverse temperature) are those with the
least cross-entropy to the teacher's probabilities on rows that the student was not fitted on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.folds import Folds
from headstart.training.calibration import FLOOR, softmax
from headstart.training.kernel_ridge import PENALTIES, Spectrum
from headstart.training.probe import NESTED_UP_TO

Array = NDArray[np.float64]

CODINGS: dict[str, Callable[[Array], Array]] = {
    "log-probabilities": lambda p: np.log(np.maximum(p, FLOOR)),
    "probabilities": lambda p: p,
}
SHARPEST = 100.0
NEWTON_STEPS = 12  # from a sharpness of 1; more change the fourth digit


@dataclass(frozen=True)
class SoftKernel:
    """A student fitted on all rows, as coefficients of its kernel, with its out-of-fold answers.

    Attributes:
        dual: [n, k] coefficients; a row's scores are ``(kernel(row, train) + 1) @ dual + offset``, and its
            probabilities the softmax of ``sharpness`` times these.
        coding: a name of CODINGS; `penalty` is relative to the mean of the kernel's diagonal.
        outer: [repeats, n, k] probabilities out of fold.
    """

    dual: Array
    offset: Array
    sharpness: float
    penalty: float
    coding: str
    outer: Array


def fit_soft(kernel: Array, teacher: Array, folds: Folds) -> SoftKernel:
    """Fit a Gram matrix [n, n] with mean diagonal 1 on probabilities [n, k].

    The settings for fold f are chosen on scores that never saw fold f (up to NESTED_UP_TO rows; above, the
    other rows' plain out-of-fold scores do: three settings cannot flatter so many rows).
    """
    spectrum = Spectrum.of(kernel + 1.0)
    coded = [code(teacher) for code in CODINGS.values()]
    means = [one.mean(0) for one in coded]
    parts = [(one - mean, mean) for one, mean in zip(coded, means, strict=True)]
    inner = None
    if len(teacher) <= NESTED_UP_TO:
        both = [[scores + mean for scores in spectrum.nested(one, folds)] for one, mean in parts]
        outer, inner = (np.concatenate(scores) for scores in zip(*both, strict=True))
    else:
        outer = np.concatenate([spectrum.out_of_fold(one, folds) + mean for one, mean in parts])
    honest = np.empty(outer.shape[1:])
    for repeat, fold, train, held in folds.splits():
        seen = outer[:, repeat, train] if inner is None else inner[:, repeat, fold, train]
        setting, sharpness = best_setting(seen, teacher[train])
        honest[repeat, held] = softmax(outer[setting, repeat, held] * sharpness)
    flat = outer.reshape(len(outer), -1, teacher.shape[1])
    setting, sharpness = best_setting(flat, np.tile(teacher, (folds.n_repeats, 1)))
    which, penalty = divmod(setting, len(PENALTIES))
    targets, mean = parts[which]
    dual = spectrum.dual(targets, PENALTIES[penalty])
    return SoftKernel(dual, mean, sharpness, PENALTIES[penalty], list(CODINGS)[which], honest)


def best_setting(scores: Array, teacher: Array) -> tuple[int, float]:
    """The (index of the setting, sharpness) of scores [s, n, k] nearest to `teacher` [n, k]."""
    found = [best_sharpness(one, teacher) for one in scores]
    losses = [
        cross_entropy(softmax(one * sharpness), teacher) for one, sharpness in zip(scores, found, strict=True)
    ]
    best = int(np.argmin(losses))
    return best, found[best]


def best_sharpness(scores: Array, teacher: Array) -> float:
    """The factor on scores [n, k] with the least cross-entropy to `teacher` [n, k].

    The loss is convex in the factor; Newton steps, no longer than a doubling or a halving, find its minimum.

    >>> p = np.array([[0.8, 0.2], [0.3, 0.7]])
    >>> round(best_sharpness(np.log(p) / 3.0, p), 6)
    3.0
    """
    sharpness = 1.0
    for _ in range(NEWTON_STEPS):
        scaled = scores * sharpness
        likely = np.exp(scaled - scaled.max(1, keepdims=True))
        likely /= likely.sum(1, keepdims=True)
        centre = (likely * scores).sum(1)
        slope = float((centre - (teacher * scores).sum(1)).mean())
        curve = float(((likely * scores**2).sum(1) - centre**2).mean())
        step = slope / curve if curve > 1e-12 else 0.0
        sharpness = float(np.clip(sharpness - step, sharpness / 2, min(sharpness * 2, SHARPEST)))
    return sharpness


def cross_entropy(probabilities: Array, teacher: Array) -> float:
    """Mean cross-entropy (nats) of probabilities [n, k] to a teacher's [n, k]."""
    return float(-(teacher * np.log(np.maximum(probabilities, 1e-12))).sum(1).mean())


def divergence(probabilities: Array, teacher: Array) -> float:
    """Mean Kullback-Leibler divergence (nats, >= 0) of probabilities [n, k] from a teacher's [n, k].

    >>> divergence(np.array([[0.5, 0.5]]), np.array([[0.5, 0.5]]))
    0.0
    """
    return max(0.0, cross_entropy(probabilities, teacher) - cross_entropy(teacher, teacher))
