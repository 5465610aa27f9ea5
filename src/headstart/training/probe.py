"""A closed-form probe: kernel ridge on one or more groups of features, with honest evidence.

The same machine serves candidates (features from taps) and controls (features from no source), so that
both are fitted, calibrated and cross-validated with the same care.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.folds import Folds
from headstart.core.kinds import Kind
from headstart.core.task import Task
from headstart.training.calibration import calibrate, softmax
from headstart.training.kernel_ridge import PENALTIES, Spectrum
from headstart.training.value_calibration import calibrate_values

Array = NDArray[np.float64]

# Above this many rows the choice of two numbers cannot flatter a fold any more, and the pairs of folds
# that the nested scores need become the dearest step: plain out-of-fold scores serve instead.
NESTED_UP_TO = 1200


@dataclass(frozen=True)
class FittedKernel:
    """A probe fitted on all rows, as coefficients of its kernel, with the evidence for it.

    Attributes:
        dual: [rows of the kernel, k] coefficients; a new row's scores are
            ``(kernel(new, train) + 1) @ dual + offset``.
        outer: [repeats, n, k] honest out-of-fold predictions; `inner` as in `core.evidence.Evidence`.
    """

    dual: Array
    offset: Array
    sharpness: float
    penalty: float
    outer: Array
    inner: Array


def predictions(scores: Array, sharpness: float) -> Array:
    """Probabilities (or values, where sharpness is 0) from raw scores [n, k]."""
    return softmax(scores * sharpness) if sharpness > 0 else scores


def coded_targets(task: Task) -> tuple[Array, Array]:
    """Centred targets [n, k] (one-hot or values) and their mean [k]."""
    if task.kind is Kind.CLASSIFICATION:
        coded = np.eye(len(task.classes))[task.targets]
    else:
        coded = np.asarray(task.targets, dtype=np.float64)[:, None]
    mean = coded.mean(0)
    return coded - mean, mean


def fit_kernel(kernel: Array, task: Task, folds: Folds) -> FittedKernel:
    """Fit a probe on a Gram matrix [n, n] with mean diagonal 1 (an intercept is added as a constant).

    A kernel of [v * n, v * n] holds v views of the task's n rows, one view after the other. All of them are
    fitted, a row's views are held out together, and the evidence is for the first view alone.
    """
    n, views = len(task), len(kernel) // len(task)
    once, mean = coded_targets(task)
    targets, held = np.tile(once, (views, 1)), Folds(np.tile(folds.assignment, (1, views)))
    spectrum = Spectrum.of(kernel + 1.0)
    if n <= NESTED_UP_TO:
        outer, inner = (scores[..., :n, :] + mean for scores in spectrum.nested(targets, held))
    else:
        outer = spectrum.out_of_fold(targets, held)[..., :n, :] + mean
        inner = plain_inner(outer, folds)
    if task.kind is Kind.CLASSIFICATION:
        chosen = calibrate(outer, inner, task.targets, folds)
        penalty, sharpness = PENALTIES[chosen.penalty_index], chosen.sharpness
        honest, within = chosen.probabilities, chosen.inner
    else:
        honest, within, index = calibrate_values(outer, inner, task.targets, folds)
        penalty, sharpness = PENALTIES[index], 0.0
    dual = spectrum.dual(targets, penalty)
    return FittedKernel(dual, mean, sharpness, penalty, honest, within)


def plain_inner(outer: Array, folds: Folds) -> Array:
    """Inner scores [..., repeats, folds, n, k] taken from outer ones [..., repeats, n, k]."""
    inner = np.repeat(outer[..., None, :, :], folds.n_folds, axis=-3)
    for repeat, fold, _, held in folds.splits():
        inner[..., repeat, fold, held, :] = np.nan
    return inner
