"""Too few labels, and how many would do."""

from __future__ import annotations

import math

import numpy as np

from headstart.core.finding import Finding, NotApplicable
from headstart.core.kinds import Severity
from headstart.inspection.check import Check, register
from headstart.inspection.facts import Facts

ENOUGH_PER_CLASS = 20  # selection among sources no longer harms from here on (DESIGN, winner's curse)
ENOUGH_VALUES = 100  # for regression
# While twice the labels bring more than this, labelling goes on to pay: of score, or of a regression's error.
WORTH = 0.01
FURTHEST = 4  # times the labels at hand: as far as a learning curve can be read on (as in the report)


@register
class FewLabels(Check):
    """Fewer labels than it takes to choose well."""

    code, title, severity = "HS-D08", "Few labels", Severity.WARNING

    def __call__(self, facts: Facts) -> Finding | NotApplicable | None:
        """The smallest classes; with a learning curve, the number from which more labels hardly pay."""
        advice = _advice(facts)
        if not facts.task.classes:
            if len(facts.task) >= ENOUGH_VALUES:
                return None
            return self.finding(
                f"{len(facts.task)} labelled examples.", f"Label at least {ENOUGH_VALUES} examples.{advice}"
            )
        counts = facts.class_counts
        small = np.flatnonzero(counts < ENOUGH_PER_CLASS)
        if not len(small):
            return None
        fewest = int(counts.argmin())
        needed = int((ENOUGH_PER_CLASS - counts[small]).sum())
        return self.finding(
            f"{len(small)} of {len(counts)} classes have fewer than {ENOUGH_PER_CLASS} examples; the "
            f"smallest, {facts.task.classes[fewest]!r}, has {counts[fewest]}.",
            f"Label {needed} more, so that every class has {ENOUGH_PER_CLASS}: with fewer, choosing among "
            f"sources is partly luck and intervals are wide.{advice}",
        )


def _advice(facts: Facts) -> str:
    worth = WORTH if facts.task.classes or not facts.curve else WORTH * abs(facts.curve[-1][1])
    enough, furthest = labels_that_do(facts.curve, worth), FURTHEST * len(facts.task)
    if enough is None:
        return ""
    if enough <= len(facts.task):
        return " By the learning curve, more labels would steady the choice but hardly raise the score."
    pays = f"still pays at {furthest}" if enough > furthest else f"pays up to about {enough}"
    return f" By the learning curve, labelling {pays} labels in all."


def labels_that_do(curve: tuple[tuple[int, float], ...], worth: float = WORTH) -> int | None:
    """The number of labels from which twice as many bring less than `worth`.

    The score is taken to approach its limit as 1 / sqrt(labels); None with fewer than 3 points, where it
    does not rise, or where nothing is worth anything.

    >>> labels_that_do(((25, 0.70), (100, 0.80), (400, 0.85)))
    860
    """
    if len(curve) < 3:
        return None
    labels, scores = np.array(curve, dtype=np.float64).T
    slope = -np.polyfit(1 / np.sqrt(labels), scores, 1)[0]
    if slope <= 0 or worth <= 0:
        return None
    enough = float(slope * (1 - math.sqrt(0.5)) / worth) ** 2
    return max(10, math.ceil(enough / 10) * 10)
