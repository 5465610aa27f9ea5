"""The part of a run's record that only control has: learning curves, what was spent, what was identified."""

from __future__ import annotations

from pydantic import Field

from headstart.core.estimate import Interval
from headstart.core.record import Record


class LearningPoint(Record):
    """What a learner's policy returned after `step` steps of learning, episode by episode."""

    step: int
    returns: tuple[float, ...]


class LearnerCurve(Record):
    """One learner of one seed: its looks, which of them is kept, what became of it."""

    seed: int
    points: tuple[LearningPoint, ...]
    best_step: int
    status: str


class ArmCurve(Record):
    """All learners of one arm (a strategy or the control), and what they spent in the target environment.

    `steps` learned from and `looked` (evaluation) are target steps; `simulated` were taken in a simulator.
    `harmed`: how many of the learners ended below the source as it was, at their last look.
    """

    candidate: str
    title: str
    paper: str
    learners: tuple[LearnerCurve, ...]
    steps: int
    looked: int
    simulated: int = 0
    violations: float = 0.0
    harmed: int | None = None


class Gauge(Record):
    """How fast an arm learned, beside the control (None where it cannot be said).

    Attributes:
        jump_start: return before any learning, minus the control's.
        asymptote: return at the last look, minus the control's.
        steps_to_threshold: steps that one learner needs to the control's last return; `control_…`: as much.
        ratio: area under the curve above the untrained policy, as a multiple of the control's, minus 1.
    """

    candidate: str
    jump_start: float | None
    asymptote: float | None
    steps_to_threshold: int | None
    control_steps_to_threshold: int | None
    ratio: float | None


class Identified(Record):
    """A parameter of the simulator as a few trajectories of the target tell it.

    `told` is false where they do not: the interval is about as wide as the range that was searched.
    """

    name: str
    value: float
    interval: Interval
    before: float
    unit: str = ""
    what: str = ""
    told: bool = True


class Reached(Record):
    """When a policy as good as what learning from scratch came to was at hand.

    Attributes:
        by: the source as it is (``zero-shot``) or the strategy whose look came to it; empty: none did.
        steps: target steps spent on transfer until then: every arm's, and every look; None where none did.
        control_steps: what one learner from scratch spent, its looks with it.
        threshold: the return that was to be reached: the control's at its last looks.
    """

    by: str
    steps: int | None
    control_steps: int
    threshold: float


class Film(Record):
    """A rollout to look at: a GIF in the run's folder, of whom, and what it returned."""

    file: str
    title: str
    returned: float


class ControlRecord(Record):
    """What is only known of control. `margin`: how far below the best of source and control is allowed."""

    source_environment: str
    target_environment: str
    target_steps: int
    margin: float
    arms: tuple[ArmCurve, ...]
    gauges: tuple[Gauge, ...] = ()
    reached: Reached | None = None
    identified: tuple[Identified, ...] = ()
    films: tuple[Film, ...] = ()
    notes: tuple[str, ...] = Field(default=())
