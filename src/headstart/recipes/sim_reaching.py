"""What the answer cost in the target: steps until a policy as good as learning from scratch was at hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import ArrayLike

from headstart.core.control import Reached
from headstart.metrics.returns import interquartile_mean
from headstart.recipes.sim_race import NAIVE, SCRATCH, Arm
from headstart.recipes.sim_ran import Ran
from headstart.sim.learning.job import Outcome
from headstart.sim.strategies import STRATEGIES

ZERO_SHOT = "zero-shot"


def reached(ran: Ran) -> Reached | None:
    """When a look first came to the control's last return, counting all that transfer had cost by then.

    Learners are taken in the order in which they were begun, one after the other; the walk that reads the
    contract, the looks, the trajectories of the identification and every arm's learners count, also those
    that came to nothing. Not the naive baseline, nor the control itself. None: no control was learned.
    """
    control = next(arm for arm in ran.arms if arm.name == SCRATCH)
    if not control.last_looks():
        return None
    threshold = _height(np.concatenate(control.last_looks()))
    spent = [one.steps + one.looked for one in control.outcomes if one.curve]
    by, steps = next(_reaching(ran, threshold), ("", None))
    return Reached(by=by, steps=steps, control_steps=round(float(np.mean(spent))), threshold=threshold)


def _reaching(ran: Ran, threshold: float) -> Iterator[tuple[str, int]]:
    """Each look that comes to the threshold: whose it is, and what had been spent by then."""
    if _height(ran.told.beginning) >= threshold:
        yield ZERO_SHOT, ran.told.spent.source
    total = ran.told.spent.simulator
    for arm, outcome in _in_order([arm for arm in ran.arms if arm.name not in (SCRATCH, NAIVE)]):
        learned = 0 if arm.is_simulated else outcome.steps
        for number, point in enumerate(outcome.curve):
            if _height(point.returns) >= threshold:
                yield (
                    arm.name,
                    total + (0 if arm.is_simulated else point.step) + _looked(arm, outcome, number),
                )
        total += learned + outcome.looked


def _in_order(arms: Sequence[Arm]) -> Iterator[tuple[Arm, Outcome]]:
    """As the race begins them: the first learner of each arm, then the second."""
    for index in range(max((len(arm.outcomes) for arm in arms), default=0)):
        yield from ((arm, arm.outcomes[index]) for arm in arms if index < len(arm.outcomes))


def _looked(arm: Arm, outcome: Outcome, number: int) -> int:
    """Steps of the looks up to this point of the curve; where it begins as the source, the first is known."""
    known = STRATEGIES[arm.name].begins_as_source
    done, all_looks = (number, len(outcome.curve) - 1) if known else (number + 1, len(outcome.curve))
    return round(outcome.looked * done / max(all_looks, 1))


def _height(looks: ArrayLike) -> float:
    return float(interquartile_mean(looks))
