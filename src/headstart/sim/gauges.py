"""How fast transfer learns: jump-start, asymptote, steps to a threshold, transfer ratio.

Taylor & Stone, "Transfer Learning for Reinforcement Learning Domains" (JMLR 2009).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from headstart.core.control import Gauge, LearningPoint
from headstart.metrics.returns import interquartile_mean

Curve = Sequence[LearningPoint]


def gauges(arms: Mapping[str, Sequence[Curve]], control: str) -> tuple[Gauge, ...]:
    """For each arm, from the curves of its learners, beside the control's."""
    base = averaged(arms.get(control, ()))
    return tuple(
        _gauge(name, averaged(curves), base) for name, curves in arms.items() if name != control and curves
    )


def averaged(curves: Sequence[Curve]) -> list[tuple[int, float]]:
    """(step, interquartile mean over learners and episodes) at the steps that all learners reached."""
    if not curves:
        return []
    steps = sorted(set.intersection(*({point.step for point in curve} for curve in curves)))
    found = []
    for step in steps:
        pooled = [
            value for curve in curves for point in curve if point.step == step for value in point.returns
        ]
        found.append((step, float(interquartile_mean(pooled))))
    return found


def steps_to(curve: Sequence[tuple[int, float]], threshold: float) -> int | None:
    """The first step of the curve that reaches the threshold; None where none does.

    >>> steps_to([(0, -3.0), (100, -1.0)], -2.0)
    100
    """
    return next((step for step, value in curve if value >= threshold), None)


def _gauge(name: str, own: list[tuple[int, float]], base: list[tuple[int, float]]) -> Gauge:
    if not own or not base:
        return Gauge(
            candidate=name,
            jump_start=None,
            asymptote=None,
            steps_to_threshold=None,
            control_steps_to_threshold=None,
            ratio=None,
        )
    threshold = base[-1][1]
    common = [(step, value, dict(base)[step]) for step, value in own if step in dict(base)]
    ratio = None
    if len(common) > 1:
        steps = np.array([step for step, _, _ in common])
        floor = base[0][1]
        ours = float(np.trapezoid([value - floor for _, value, _ in common], steps))
        theirs = float(np.trapezoid([value - floor for _, _, value in common], steps))
        ratio = (ours - theirs) / theirs if theirs > 0 else None
    return Gauge(
        candidate=name,
        jump_start=own[0][1] - base[0][1],
        asymptote=own[-1][1] - base[-1][1],
        steps_to_threshold=steps_to(own, threshold),
        control_steps_to_threshold=steps_to(base, threshold),
        ratio=ratio,
    )
