"""Test data that the training data already shows."""

from __future__ import annotations

from headstart.core.finding import Finding, NotApplicable
from headstart.core.kinds import Severity
from headstart.inspection.check import Check, register
from headstart.inspection.facts import Facts


@register
class Leakage(Check):
    """Training and test data overlap."""

    code, title, severity = "HS-D04", "Test data that overlaps the training data", Severity.ERROR
    needs = ("test", "overlap")

    def __call__(self, facts: Facts) -> Finding | NotApplicable | None:
        """Each test row with the training row that it repeats; the rows shown are those of training."""
        test, overlap = facts.test, facts.overlap
        if test is None or overlap is None or not len(overlap):
            return None
        train = facts.task.inputs
        exact = int(overlap.exact.sum())
        return self.finding(
            f"{len(overlap)} of {len(test)} test examples repeat training examples: {exact} exactly, "
            f"{len(overlap) - exact} nearly.",
            "Remove them from the test data, or draw the test data anew: a score on them says nothing.",
            where=[
                f"{test.inputs.locate(row)} = {train.locate(match)}"
                for row, match in zip(overlap.rows.tolist(), overlap.matches.tolist(), strict=True)
            ],
            rows=overlap.matches.tolist(),
            applied="These examples are left out of the test.",
        )
