"""Classes of very different size."""

from __future__ import annotations

from headstart.core.finding import Finding, NotApplicable
from headstart.core.kinds import Severity
from headstart.data.assembly import IMBALANCE_RATIO
from headstart.inspection.check import Check, register
from headstart.inspection.facts import Facts


@register
class Imbalance(Check):
    """The largest class has more than three times as many examples as the smallest."""

    code, title, severity = "HS-D05", "Imbalanced classes", Severity.WARNING
    needs = ("classes",)

    def __call__(self, facts: Facts) -> Finding | NotApplicable | None:
        """The extremes, and what the metric does about them."""
        counts, classes = facts.class_counts, facts.task.classes
        small, large = int(counts.argmin()), int(counts.argmax())
        if counts[large] <= IMBALANCE_RATIO * counts[small]:
            return None
        balanced = facts.task.metric == "balanced_accuracy"
        return self.finding(
            f"{classes[large]!r} has {counts[large]} examples, {classes[small]!r} has {counts[small]}.",
            f"Add examples of {classes[small]!r} first."
            + ("" if balanced else " Consider --metric balanced_accuracy, which weighs classes alike."),
            applied="Scored by balanced accuracy, which weighs classes alike." if balanced else "",
        )
