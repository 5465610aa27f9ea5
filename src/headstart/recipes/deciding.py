"""Rung 5: evidence in, decision out; and the one touch of the test data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from headstart.core.candidate import Candidate
from headstart.core.estimate import Score
from headstart.core.evidence import Evidence
from headstart.core.folds import Folds
from headstart.core.kinds import Kind
from headstart.core.run import CurvePoint, TradeOff
from headstart.core.seeds import generator
from headstart.core.task import Task
from headstart.core.verdict import Verdict
from headstart.core.watch import Watch
from headstart.how.race import Race
from headstart.metrics import METRICS
from headstart.metrics.estimates import bounds, smallest_step
from headstart.metrics.intervals import around, resamples, spread
from headstart.serve import AdaptedModel
from headstart.training.learning_curve import LearningCurve
from headstart.what.distance import distance
from headstart.what.look import Look
from headstart.when.controls import FittedControl
from headstart.when.controls.curves import control_curve
from headstart.when.judge import Comparison, compare
from headstart.when.labels import budget_curve, label_equivalents
from headstart.when.limits import USUAL, Limits
from headstart.when.trade_off import trade_off
from headstart.when.verdict import unread, verdict


@dataclass(frozen=True)
class Decision:
    """The verdict with all that led to it.

    Attributes:
        weights: (candidate, share) of what is handed back, heaviest first.
        score: honest score of what is handed back; `predictions` [n, k] are its out-of-fold ones.
    """

    verdict: Verdict
    comparison: Comparison
    weights: tuple[tuple[Candidate, float], ...]
    score: Score
    predictions: NDArray[np.float64]
    curve: tuple[CurvePoint, ...]
    trade_off: tuple[TradeOff, ...]


def decide(
    task: Task,
    folds: Folds,
    plain: Sequence[FittedControl],
    look: Look,
    race: Race,
    rising: LearningCurve | None,
    watch: Watch,
    *,
    limits: Limits = USUAL,
    probed: Sequence[Evidence] | None = None,
) -> Decision:
    """Combine within the limits, compare with the control, pass the gate or not.

    `rising` is the learning curve of transfer; `probed` the probes that may be combined (None: all).
    """
    watch.stage("judging")
    whole = [e for e in race.evidence if e.status == "complete"]
    comparison = compare(
        [*(c.evidence for c in plain), *(look.evidence if probed is None else probed), *whole],
        task,
        folds,
        standing=look.standing,
        limits=limits,
    )
    curve = control_curve(plain, task, folds)
    pair = (comparison.score.estimate, comparison.control_score.estimate)
    top, least = bounds(task)[1], smallest_step(task)
    equivalents = None
    if curve and look.probes:
        equivalents = label_equivalents(curve, pair, len(task), top=top, least=least)
    if watch.stop_requested and not look.readings:
        found = unread(comparison, task)
    else:
        found = verdict(
            comparison,
            task,
            distance=distance(look.probes, task),
            label_equivalents=equivalents,
            looked_at_sources=len({reading.card.id for reading in look.readings}),
        )
    if shut_out := limits.shut_out(comparison.pool.candidates):
        named = {reading.card.id: reading.card.name for reading in look.readings}
        dear = ", ".join(named.get(source) or source for source in shut_out)
        found = replace(found, reason=f"{found.reason} Beyond what the specification allows: {dear}.")
    passed = found.gate_passed
    weights = comparison.weights if passed else comparison.control_weights
    order = np.argsort(-weights, kind="stable")
    chosen = [(comparison.pool.candidates[i], float(weights[i])) for i in order if weights[i] > 0]
    watch.best("combination" if passed else "control", comparison.score.estimate if passed else pair[1])
    points = budget_curve(rising, curve, pair, len(task), top=top, least=least) if curve else ()
    return Decision(
        verdict=found,
        comparison=comparison,
        weights=tuple(chosen),
        score=comparison.score if passed else comparison.control_score,
        predictions=comparison.predictions if passed else comparison.control_predictions,
        curve=points,
        trade_off=trade_off(comparison, task, costs_ms(look, race, task)) if passed else (),
    )


def costs_ms(look: Look, race: Race, task: Task) -> dict[str, float]:
    """Milliseconds an example costs in each network that a combination may need."""
    source = {r.card.id: 1e3 * r.forward_s / len(task) for r in look.readings}
    costs = {r.label: source[r.card.id] for r in look.readings}
    return costs | {name: source.get(m.config["source"], 0.0) for name, m in race.members.items()}


def test_score(model: AdaptedModel, test: Task | None, watch: Watch) -> Score | None:
    """Score on data that nobody has used, with a 90 % bootstrap interval."""
    if test is None:
        return None
    watch.stage("test")
    predictions = model.scored(model.run(test.inputs).values)
    return score_on(test, predictions)


def score_on(test: Task, predictions: NDArray[np.float64]) -> Score:
    """The test task's metric on predictions [n, k] of a model that never saw it."""
    metric = METRICS[test.metric]
    estimate = metric.score(test.targets, predictions)
    counts = resamples(len(test), generator(test.seed, "test"), test.groups)
    error = max(spread(metric, test.targets, predictions, counts), smallest_step(test))
    return Score(estimate, around(estimate, error, len(test), bounds=bounds(test)), True)


def residual_quantiles(decision: Decision, task: Task) -> tuple[float, float]:
    """5 % and 95 % quantiles of truth minus out-of-fold prediction (regression; zeros otherwise)."""
    if task.kind is not Kind.REGRESSION:
        return 0.0, 0.0
    low, high = np.quantile(task.targets - decision.predictions[:, 0], [0.05, 0.95])
    return float(low), float(high)
