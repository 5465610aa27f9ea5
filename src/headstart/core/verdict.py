"""The verdict: what is known about transferring to this task. Never a bare bool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from headstart.core.estimate import Interval, Score
from headstart.core.kinds import Decision


@dataclass(frozen=True, slots=True)
class LabelEquivalents:
    """How many more labels the control would need to catch up; `censored` "above" = more than `value`."""

    value: float
    low: float
    high: float
    censored: Literal["none", "above"]


@dataclass(frozen=True, slots=True)
class DistanceEvidence:
    """On what near or far rests; each in 0…1, None where it could not be measured."""

    peak_tap_depth: float | None
    feature_shift: float | None
    label_affinity: float | None


@dataclass(frozen=True, slots=True)
class Distance:
    """How far the target task lies from the best source: 0 the same, 1 as far as noise."""

    kind: Literal["near", "far"]
    value: float
    evidence: DistanceEvidence


@dataclass(frozen=True, slots=True)
class Verdict:
    """Decision, gain over the best control (metric's unit), and how sure we are of it.

    `gain` compares the combination (transfer used) with the best control, both corrected for selection.
    `gate_passed` says which of the two is handed back. `labels_to_settle` is an estimate of how many more
    labels would settle an undecided verdict (None otherwise).
    """

    decision: Decision
    gain: float
    metric: str
    interval: Interval
    probability_of_gain: float
    minimum_detectable_gain: float
    label_equivalents: LabelEquivalents | None
    distance: Distance | None
    reason: str
    gate_passed: bool
    labels_to_settle: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One candidate in the model that is handed back, and its share of the vote (0…1)."""

    candidate: str
    weight: float


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is handed back: one candidate's id or ``combination``, its members, its honest score."""

    candidate: str
    members: tuple[Member, ...]
    score: Score
    test: Score | None = None
