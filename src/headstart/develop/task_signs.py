"""How near one task lies to another: three signs from features, each 0…1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from headstart.core.folds import Folds
from headstart.core.kinds import Kind
from headstart.core.task import Task
from headstart.training.calibration import softmax

Array = NDArray[np.float64]

SMOOTHING = 1.0  # rows of no class that every pair of classes is given: few labels prove little
NOTHING = 1e-9  # of the largest singular value: a direction below it is rounding


def distance(ours: Array, theirs: Array) -> float:
    """Energy distance of two sets of rows [n, d] and [m, d], over its greatest value: 0 (same) … 1.

    ``(2 E|X-Y| - E|X-X'| - E|Y-Y'|) / 2 E|X-Y|`` without self-pairs (Szekely & Rizzo, J. Statistical
    Planning and Inference 143, 2013): no bandwidth to choose, and it does not saturate as the accuracy of
    telling two data sets apart does.

    >>> rows = np.random.default_rng(0).normal(size=(60, 3))
    >>> distance(rows[:30], rows[30:]) < 0.05, distance(rows, rows + 100) > 0.9
    (True, True)
    """
    between = float(_apart(ours, theirs).mean())
    within = [float(_apart(x, x).sum()) / max(len(x) * (len(x) - 1), 1) for x in (ours, theirs)]
    return float(np.clip(1.0 - sum(within) / (2.0 * between), 0.0, 1.0)) if between > 0 else 0.0


def _apart(ours: Array, theirs: Array) -> Array:
    """[n, m] Euclidean distances; those below rounding are 0."""
    sizes = (ours**2).sum(1)[:, None] + (theirs**2).sum(1)
    squared = sizes - 2.0 * ours @ theirs.T
    return np.sqrt(np.where(squared > NOTHING * sizes, squared, 0.0))


def label_affinity(scores: Array, target: Task, folds: Folds) -> float | None:
    """What a task's classes tell about the target's classes, as a share of all there is to know; 0…1.

    LEEP (Nguyen et al., ICML 2020): target class given source class, averaged over the source head's
    probabilities for a row. Other than there, a row is judged by the table of rows in other folds, smoothed:
    in-sample LEEP rises with the number of source classes by chance alone. `scores` [n, k] are a source
    head's logits for the target's rows; None for values.
    """
    if target.kind is not Kind.CLASSIFICATION:
        return None
    probabilities, truth = softmax(scores), np.eye(len(target.classes))[target.targets]
    right = np.zeros(len(target))
    for _, _, train, held in folds.splits():
        prior = truth[train].mean(0)
        joint = probabilities[train].T @ truth[train] + SMOOTHING * prior
        table = joint / joint.sum(1, keepdims=True)
        right[held] += np.log(np.maximum((probabilities[held] @ table * truth[held]).sum(1), 1e-12))
    shares = truth.mean(0)
    entropy = -float((shares * np.log(np.maximum(shares, 1e-12))).sum())
    gained = entropy + float(right.mean()) / folds.n_repeats
    return float(np.clip(gained / entropy, 0.0, 1.0)) if entropy > 0 else 0.0


def shared_features(target: Array, source: Array, labels: Array, other_labels: Array) -> float:
    """Share of the target's between-class variance that lies in the source's discriminative subspace.

    `target` [n, d], `source` [m, d] are rows in one space; labels are coded [n, k] and [m, l], centred. What
    l random directions of d would share is taken off, so that many classes are no merit: 0 (chance) … 1.
    """
    ours, theirs = labels.T @ target, other_labels.T @ (source - source.mean(0))
    _, values, right = np.linalg.svd(theirs, full_matrices=False)
    basis = right[values > NOTHING * max(float(values.max(initial=0.0)), 1e-300)]
    whole = float((ours**2).sum())
    if whole == 0.0 or not len(basis):
        return 0.0
    share = float(((ours @ basis.T) ** 2).sum()) / whole
    chance = len(basis) / target.shape[1]
    return float(np.clip((share - chance) / (1.0 - chance), 0.0, 1.0)) if chance < 1.0 else 0.0
