"""What a gain is worth in labels: how far the control would have to go to catch up.

The error that is left (the best possible score minus the score) falls as a power of the number of labels,
closely enough to be read a few times beyond the data (Viering & Loog 2023): error(n) = error(now) *
(n / now)^-rate. The rate is the slope of log error against log labels, drawn towards the usual one, since a
few small fits say little about it. Errors shrink by a factor, so that no curve promises perfection. A rate is
fitted to each draw of a learning curve; the spread over draws is the interval.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from headstart.core.run import CurvePoint
from headstart.core.verdict import LabelEquivalents
from headstart.training.learning_curve import LearningCurve

Array = NDArray[np.float64]

USUAL_RATE = 0.3  # half the errors with ten times the labels; docs/LOG.md 2026-11-25
USUAL_WORTH = 0.8  # how much the usual rate counts: the five sizes of a curve count 1.2
MOST_RATE = 1.0
AHEAD = (1.5, 2.0, 4.0)  # times the labels at hand: the outlook
FURTHEST = 20  # times the labels at hand; beyond it a curve says "more", not how many


def rate(sizes: NDArray[np.int64], errors: Array) -> float | None:
    """How fast errors [s] (> 0) fall with labels [s], 0 to 1; None with fewer than 3 points.

    >>> round(rate(np.array([10, 20, 40, 80]), np.array([0.4, 0.3, 0.22, 0.17])), 2)
    0.39
    """
    usable = np.isfinite(errors)
    if usable.sum() < 3:
        return None
    labels, logs = np.log(sizes[usable]), np.log(errors[usable])
    labels = labels - labels.mean()
    slope = (USUAL_WORTH * USUAL_RATE - labels @ logs) / (USUAL_WORTH + labels @ labels)
    return float(np.clip(slope, 0.0, MOST_RATE))


def label_equivalents(
    control: LearningCurve, scores: tuple[float, float], n: int, *, top: float, least: float
) -> LabelEquivalents | None:
    """How many more labels than n the control needs for what transfer scores; None where it cannot be said.

    Args:
        control: its learning curve.
        n: labels at hand.
        scores: the honest (transfer, control) scores with n labels.
        top: the best possible score.
        least: an error below which nothing can be known (> 0).
    """
    ours, theirs = (max(top - score, least) for score in scores)
    if ours >= theirs:
        return LabelEquivalents(0.0, 0.0, 0.0, "none")
    draws = [np.nanmean(control.scores, 0), *control.scores]
    rates = [rate(control.sizes, np.maximum(top - draw, least)) for draw in draws]
    needed = [_reach(one, ours / theirs, n) for one in rates if one is not None]
    if len(needed) < 4:
        return None
    value, spread = needed[0], np.quantile(needed[1:], [0.1, 0.9])
    low, high = (float(round(min(max(v, 0.0), FURTHEST * n))) for v in spread)
    censored: Literal["none", "above"] = "above" if value >= FURTHEST * n else "none"
    value = float(round(value))
    return LabelEquivalents(value, min(low, value), max(high, value), censored)


def _reach(rate: float, share: float, n: int) -> float:
    """More labels than n until the error is `share` (0…1) of what it is, at most FURTHEST times n."""
    furthest = float(np.log1p(FURTHEST))
    times = -np.log(share) / rate if rate > 0 else furthest
    return min(n * (float(np.exp(min(times, furthest))) - 1.0), FURTHEST * float(n))


def budget_curve(
    transfer: LearningCurve | None,
    control: LearningCurve,
    scores: tuple[float, float],
    n: int,
    *,
    top: float,
    least: float,
) -> tuple[CurvePoint, ...]:
    """The label-budget curve: measured shares of the labels, n itself, and an outlook beyond.

    Arguments as in `label_equivalents`; both curves pass through the honest scores. A side without a curve
    has no points.
    """
    sides = [
        _side(curve, score, n, top, least) for curve, score in zip((transfer, control), scores, strict=True)
    ]
    known = (*control.sizes.tolist(), n, *(int(times * n) for times in AHEAD))
    return tuple(
        CurvePoint(
            n_labels=labels,
            transfer=sides[0].get(labels),
            control=sides[1].get(labels),
            extrapolated=labels > n,
        )
        for labels in known
    )


def _side(curve: LearningCurve | None, score: float, n: int, top: float, least: float) -> dict[int, float]:
    """Scores by number of labels: what was measured, brought to the honest score's level, and the outlook."""
    if curve is None:
        return {}
    errors = np.maximum(top - np.nanmean(curve.scores, 0), least)
    falls = rate(curve.sizes, errors)
    if falls is None:
        return {n: score}
    seen = np.isfinite(errors)
    now = max(top - score, 0.0)
    middle = float(np.log(curve.sizes[seen]).mean())
    at_n = float(np.exp(np.log(errors[seen]).mean() - falls * (np.log(n) - middle)))
    measured = zip(curve.sizes[seen].tolist(), errors[seen].tolist(), strict=True)
    below = {int(size): top - now * error / at_n for size, error in measured}
    ahead = {int(times * n): top - now * times**-falls for times in AHEAD}
    return {**below, n: score, **ahead}
