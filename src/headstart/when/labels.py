"""What a gain is worth in labels: how far the control would have to go to catch up.

Learning curves of classifiers follow an inverse power law closely enough to be read a few times beyond
the data (Viering & Loog 2023): score(n) = ceiling - fall * n^-rate. A curve is fitted to each draw of the
control's learning curve; the spread over draws is the interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from headstart.core.run import CurvePoint
from headstart.core.verdict import LabelEquivalents
from headstart.training.learning_curve import LearningCurve

Array = NDArray[np.float64]

RATES = (0.25, 0.5, 0.75, 1.0)
FURTHEST = 20  # times the labels at hand; beyond it a curve says "more", not how many


def power_law(sizes: NDArray[np.int64], scores: Array) -> tuple[float, float, float] | None:
    """(ceiling, fall >= 0, rate) of the curve closest to scores [s], or None with fewer than 3 points."""
    usable = np.isfinite(scores)
    if usable.sum() < 3:
        return None
    best: tuple[float, tuple[float, float, float]] | None = None
    for rate in RATES:
        design = np.stack([np.ones(usable.sum()), -(sizes[usable].astype(float) ** -rate)], 1)
        (ceiling, fall), *_ = np.linalg.lstsq(design, scores[usable], rcond=None)
        fall = max(float(fall), 0.0)
        if fall == 0.0:
            ceiling = float(scores[usable].mean())
        error = float(((design @ [ceiling, fall] - scores[usable]) ** 2).sum())
        if best is None or error < best[0]:
            best = error, (float(ceiling), fall, rate)
    return best[1] if best else None


def at(curve: tuple[float, float, float], n: float) -> float:
    """Score of a fitted curve with n labels."""
    ceiling, fall, rate = curve
    return float(ceiling - fall * n**-rate)


def label_equivalents(
    control: LearningCurve, control_score: float, transfer_score: float, n: int
) -> LabelEquivalents | None:
    """How many more labels than n the control needs for `transfer_score`; None where it cannot be said.

    The curve is moved so that at n it passes through the control's honest score.
    """
    if transfer_score <= control_score:
        return LabelEquivalents(0.0, 0.0, 0.0, "none")
    needed = []
    for draw in [np.nanmean(control.scores, 0), *control.scores]:
        curve = power_law(control.sizes, draw)
        if curve is not None:
            needed.append(_reach(curve, control_score, transfer_score, n))
    if len(needed) < 4:
        return None
    value, spread = needed[0], np.quantile(needed[1:], [0.1, 0.9])
    low, high = (float(round(min(max(v, 0.0), FURTHEST * n))) for v in spread)
    censored: Literal["none", "above"] = "above" if value >= FURTHEST * n else "none"
    value = float(round(min(value, FURTHEST * n)))
    return LabelEquivalents(value, min(low, value), max(high, value), censored)


def _reach(curve: tuple[float, float, float], start: float, goal: float, n: int) -> float:
    ceiling, fall, rate = curve
    shift = start - at(curve, n)
    room = ceiling + shift - goal
    if room <= 0 or fall <= 0:
        return float(FURTHEST * n)
    return float(min((fall / room) ** (1.0 / rate) - n, FURTHEST * n))


def budget_curve(
    transfer: LearningCurve | None,
    control: LearningCurve,
    scores: tuple[float, float],
    n: int,
    *,
    ceiling: float = float("inf"),
    ahead: Sequence[float] = (1.5, 2.0, 4.0),
) -> tuple[CurvePoint, ...]:
    """The label-budget curve: measured shares of the labels, n itself, and an outlook beyond.

    `scores` are the honest (transfer, control) scores with n labels; both curves pass through them.
    No point lies above `ceiling`, the best possible score.
    """
    points = []
    fits = []
    for curve, score in zip((transfer, control), scores, strict=True):
        fitted = power_law(curve.sizes, np.nanmean(curve.scores, 0)) if curve is not None else None
        fits.append((fitted, score - at(fitted, n)) if fitted else None)
    for place, size in enumerate(control.sizes):
        values = [
            None
            if curve is None or fit is None
            else min(float(np.nanmean(curve.scores[:, place]) + fit[1]), ceiling)
            for curve, fit in zip((transfer, control), fits, strict=True)
        ]
        points.append(CurvePoint(n_labels=int(size), transfer=values[0], control=values[1]))
    points.append(CurvePoint(n_labels=n, transfer=scores[0] if transfer else None, control=scores[1]))
    for times in ahead:
        beyond = [min(at(fit[0], times * n) + fit[1], ceiling) if fit else None for fit in fits]
        points.append(
            CurvePoint(n_labels=int(times * n), transfer=beyond[0], control=beyond[1], extrapolated=True)
        )
    return tuple(points)
