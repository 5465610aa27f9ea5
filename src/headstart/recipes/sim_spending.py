"""What the arms of a run spent, and what they came to, as the record says it."""

from __future__ import annotations

import numpy as np

from headstart.core.control import ArmCurve, LearnerCurve
from headstart.recipes.sim_race import Arm
from headstart.sim.strategies import STRATEGIES


def curve(arm: Arm, beginning: tuple[float, ...], margin: float) -> ArmCurve:
    """An arm's learners, and how many of them ended below the source as it is (`beginning`: its returns)."""
    strategy = STRATEGIES[arm.name]
    lasts = arm.last_looks()
    learned, looked, simulated = steps_of(arm)
    floor = float(np.mean(beginning))
    below = sum(float(np.mean(last)) < floor - margin * abs(floor) for last in lasts)
    return ArmCurve(
        candidate=arm.name,
        title=strategy.title,
        paper=strategy.paper,
        learners=tuple(
            LearnerCurve(seed=one.seed, points=one.curve, best_step=one.best_step, status=one.status)
            for one in arm.outcomes
        ),
        steps=learned,
        looked=looked,
        simulated=simulated,
        violations=violations_of(arm),
        harmed=below if strategy.uses_source else None,
    )


def steps_of(arm: Arm) -> tuple[int, int, int]:
    """Steps that an arm learned from in the target, that it was looked at in, and that were simulated."""
    taken = sum(one.steps for one in arm.outcomes)
    looked = sum(one.looked for one in arm.outcomes)
    return (0, looked, taken) if arm.is_simulated else (taken, looked, 0)


def violations_of(arm: Arm) -> float:
    """Safety limits broken in the target; what happens in a simulator hurts nobody."""
    return sum(one.looked_violations + (0.0 if arm.is_simulated else one.violations) for one in arm.outcomes)


def learning_s(arm: Arm) -> float:
    """Seconds of its learners' processes."""
    return sum(one.wall_s for one in arm.outcomes)
