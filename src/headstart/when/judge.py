"""Evidence in, verdict out: what is gained, how sure that is, and what is handed back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.estimate import Interval, Score
from headstart.core.evidence import Evidence
from headstart.core.folds import Folds
from headstart.core.kinds import Kind
from headstart.core.seeds import generator
from headstart.core.task import Task
from headstart.metrics import METRICS, class_weighted
from headstart.metrics.intervals import around, bootstrap, resamples, widening
from headstart.when.combination import CrossFitted, crossfit, final_weights
from headstart.when.gate import Gate, gate
from headstart.when.pool import Pool

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Comparison:
    """Transfer against control: the numbers on which a verdict rests.

    Attributes:
        weights: [m] of the combination (transfer used), `control_weights` [m] of the control's.
        gain: difference of the metric, honest: both sides were combined anew for every fold.
        spread: standard error of the gain (Nadeau-Bengio widened bootstrap over rows).
        predictions, control_predictions: [n, k] cross-fitted.
    """

    pool: Pool
    weights: Array
    control_weights: Array
    gate: Gate | None
    gain: float
    spread: float
    score: Score
    control_score: Score
    predictions: Array
    control_predictions: Array


def compare(evidence: Sequence[Evidence], task: Task, folds: Folds, *, max_networks: int) -> Comparison:
    """Cross-fit the combination and the control's combination, and compare them.

    With no whole candidate of a source the combination is the control and `gate` is None.
    """
    pool = Pool.of(evidence, task, folds)
    control = crossfit(pool.take(pool.controls))
    control_weights = _spread_out(final_weights(pool.take(pool.controls)), pool.controls, pool)
    if pool.transfers:
        together = crossfit(pool, max_networks)
        alone = crossfit(pool.take(pool.transfers), max_networks)
        passed = gate(together.fit, alone.fit, control.fit, pool.folds)
        weights = final_weights(pool, max_networks)
    else:
        together, passed, weights = control, None, control_weights
    ours, theirs = decided(together, task), decided(control, task)
    counts = resamples(len(task), generator(task.seed, "bootstrap"), task.groups)
    score, control_score = (score_of(task, p, pool.folds, counts) for p in (ours, theirs))
    metric = METRICS[task.metric]
    drawn = bootstrap(
        lambda w: metric.score(task.targets, ours, w) - metric.score(task.targets, theirs, w), counts
    )
    gain = score.estimate - control_score.estimate
    spread = max(float(np.nanstd(drawn)), smallest_step(task)) * widening(pool.folds)
    return Comparison(
        pool, weights, control_weights, passed, gain, spread, score, control_score, ours, theirs
    )


def decided(fitted: CrossFitted, task: Task) -> Array:
    """Pooled predictions in the form that the metric wants (see `metrics.class_weighted`)."""
    if task.metric in ("balanced_accuracy", "macro_f1"):
        shares = np.bincount(task.targets, minlength=len(task.classes)) / len(task)
        return class_weighted(fitted.pooled, shares)
    return fitted.pooled


def score_of(task: Task, predictions: Array, folds: Folds, counts: Array) -> Score:
    """The metric on out-of-fold predictions [n, k] with a 90 % interval."""
    metric = METRICS[task.metric]
    estimate = metric.score(task.targets, predictions)
    drawn = bootstrap(lambda weights: metric.score(task.targets, predictions, weights), counts)
    spread = max(float(np.nanstd(drawn)), smallest_step(task)) * widening(folds)
    bounds = (0.0, 1.0) if task.kind is Kind.CLASSIFICATION else (-np.inf, np.inf)
    if task.metric == "neg_log_loss":
        bounds = (-np.inf, 0.0)
    return Score(estimate, around(estimate, spread, len(task), bounds=bounds), True)


def smallest_step(task: Task) -> float:
    """A standard error below which nothing can be known: half a row, or a hundredth of the spread."""
    if task.kind is Kind.CLASSIFICATION:
        return 0.5 / len(task)
    return 0.01 * float(np.std(task.targets)) / np.sqrt(len(task))


def gain_interval(comparison: Comparison) -> Interval:
    """The 90 % interval of the gain."""
    return around(comparison.gain, comparison.spread, len(comparison.predictions))


def _spread_out(weights: Array, index: Sequence[int], pool: Pool) -> Array:
    full = np.zeros(len(pool.candidates))
    full[list(index)] = weights
    return full
