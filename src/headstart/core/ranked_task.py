"""One line of *select the source task*: how much a task promises to a target, and why it stands there."""

from __future__ import annotations

from headstart.core.estimate import Interval
from headstart.core.record import Record


class RankedTask(Record):
    """A task that a source could be developed on, as `develop.selecting` ranks it.

    Attributes:
        rank: 1 is the first choice.
        score: what decides, larger is better: the mean of the signs that count, each in standard deviations
            over the tasks that were offered together.
        interval: of what a quick probe on the task adds for the target (nats per example, out of fold; share
            of the variance for values), 90 %; None where nothing could be measured.
        error: why there is no evidence; empty where there is.
        n, n_classes: labelled examples and classes (0 for values) that it offers.
        shared_features: 0…1, share of the target's discriminative directions that are also the task's.
        label_affinity: 0…1, share of what there is to know about the target's classes that the task's own
            classes tell.
        distance: 0…1, how far apart the examples lie in the public source's features; 0 is the same place.
        probe_score: the target's metric, out of fold, of a probe that reads the task's head beside the
            plain features.
        cost_s: seconds that this evidence took.
        reason: in plain words.
    """

    name: str
    rank: int
    score: float
    interval: Interval | None
    error: str = ""
    n: int
    n_classes: int
    shared_features: float | None
    label_affinity: float | None
    distance: float | None
    probe_score: float | None
    cost_s: float
    reason: str
