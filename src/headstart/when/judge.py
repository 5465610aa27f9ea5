"""Evidence in, verdict out: what is gained, how sure that is, and what is handed back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from headstart.core.estimate import Interval, Score
from headstart.core.evidence import Evidence
from headstart.core.folds import Folds
from headstart.core.seeds import generator
from headstart.core.standing import UNKNOWN, Standing
from headstart.core.task import Task
from headstart.metrics.estimates import as_decided, bounds, difference_error, score_of, smallest_step
from headstart.metrics.intervals import around, resamples
from headstart.when.belief import NOTHING_TO_TRANSFER, Belief, believe
from headstart.when.combination import crossfit, final_weights
from headstart.when.gate import Gate, gate
from headstart.when.limits import USUAL, Limits
from headstart.when.pool import Pool

Array = NDArray[np.float64]

LIKELIER = 0.5  # four of 4,749 draws have an open gate and less; docs/LOG.md 2026-11-25


@dataclass(frozen=True)
class Comparison:
    """Transfer against control: the numbers on which a verdict rests.

    Attributes:
        weights: [m] of the combination (transfer used), `control_weights` [m] of the control's.
        gain: difference of the metric, honest: both sides were combined anew for every fold.
        spread: standard error of the gain (Nadeau-Bengio widened bootstrap over rows).
        room: the best possible score minus the control's, no less than one row could show: what there is
            to gain.
        predictions, control_predictions: [n, k] cross-fitted.
    """

    pool: Pool
    weights: Array
    control_weights: Array
    gate: Gate | None
    gain: float
    spread: float
    room: float
    score: Score
    control_score: Score
    predictions: Array
    control_predictions: Array

    @property
    def passed(self) -> bool:
        """Whether the gate opened: the combination is handed back."""
        return self.gate is not None and self.gate.passed

    @property
    def is_sound(self) -> bool:
        """Whether there are sources, and they are known to see."""
        return self.gate is not None and self.gate.is_sound


def compare(
    evidence: Sequence[Evidence],
    task: Task,
    folds: Folds,
    *,
    standing: Mapping[str, Standing] | None = None,
    limits: Limits = USUAL,
) -> Comparison:
    """Cross-fit the combination and the control's combination, and compare them.

    `standing` by source id is what is known before the labels speak. With no whole candidate of a source
    within `limits` the combination is the control and `gate` is None.
    """
    pool = Pool.of(evidence, task, folds, standing or {})
    plain = pool.take(pool.controls)
    control = crossfit(plain, limits)
    control_weights = _spread_out(final_weights(plain, limits), pool.controls, pool)
    if any(limits.admits(pool.candidates[i]) for i in pool.transfers):
        together = crossfit(pool, limits)
        weights = final_weights(pool, limits)
        passed = gate(together.fit, control.fit, pool.folds, is_sound=rests_on_sound_sources(pool, weights))
    else:
        together, passed, weights = control, None, control_weights
    ours, theirs = as_decided(together.pooled, task), as_decided(control.pooled, task)
    counts = resamples(len(task), generator(task.seed, "bootstrap"), task.groups)
    score, control_score = (score_of(task, p, pool.folds, counts, corrected=True) for p in (ours, theirs))
    gain = score.estimate - control_score.estimate
    spread = difference_error(task, ours, theirs, pool.folds, counts)
    room = max(bounds(task)[1] - control_score.estimate, smallest_step(task))
    found = Comparison(
        pool, weights, control_weights, passed, gain, spread, room, score, control_score, ours, theirs
    )
    return shut_where_behind(found)


def shut_where_behind(comparison: Comparison) -> Comparison:
    """The gate shuts, whatever the likelihood says, where a loss by the metric is likelier than a gain."""
    gate = comparison.gate
    if gate is None or not gate.passed or believed(comparison).probability >= LIKELIER:
        return comparison
    return replace(comparison, gate=replace(gate, passed=False))


def rests_on_sound_sources(pool: Pool, weights: Array) -> bool:
    """Whether at least half of what is transferred comes from sources that are known to see."""
    sources = [pool.candidates[i].source or "" for i in pool.transfers]
    is_sound = np.array([pool.standing.get(source, UNKNOWN).is_sound for source in sources])
    transferred = weights[pool.transfers]
    return bool(transferred[is_sound].sum() >= transferred.sum() / 2)


def measured(comparison: Comparison) -> Interval:
    """The 90 % interval of the gain from the examples alone."""
    return around(comparison.gain, comparison.spread, len(comparison.predictions))


def believed(comparison: Comparison) -> Belief:
    """Interval and probability of the gain, from the examples and what is known of such sources."""
    if comparison.gate is None:
        return NOTHING_TO_TRANSFER
    rows, is_sound = len(comparison.predictions), comparison.gate.is_sound
    return believe(comparison.gain, comparison.spread, rows, room=comparison.room, is_sound=is_sound)


def _spread_out(weights: Array, index: Sequence[int], pool: Pool) -> Array:
    full = np.zeros(len(pool.candidates))
    full[list(index)] = weights
    return full
