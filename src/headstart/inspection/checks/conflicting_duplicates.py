"""One content under two labels."""

from __future__ import annotations

import numpy as np

from headstart.core.finding import Finding, NotApplicable
from headstart.core.kinds import Severity
from headstart.inspection.check import Check, counted, register
from headstart.inspection.facts import Facts


@register
class ConflictingDuplicates(Check):
    """At least one of the labels must be wrong."""

    code, title, severity = "HS-D07", "Same content, different labels", Severity.ERROR

    def __call__(self, facts: Facts) -> Finding | NotApplicable | None:
        """All rows whose exact content has another label elsewhere, copy beside copy."""
        groups, targets = facts.duplicates.exact, facts.task.targets
        low = np.full(groups.max(initial=-1) + 1, np.inf)
        high = -low
        np.minimum.at(low, groups, targets)
        np.maximum.at(high, groups, targets)
        rows = np.flatnonzero((low < high)[groups])
        if not len(rows):
            return None
        rows = rows[np.argsort(groups[rows], kind="stable")].tolist()
        contents = len(set(groups[rows].tolist()))
        return self.finding(
            f"Different labels for {counted(contents, 'content')}, in {len(rows)} rows.",
            "Decide which label is right, and remove or correct the other rows.",
            where=[f"{facts.task.inputs.locate(row)}: {facts.label(row)}" for row in rows],
            rows=rows,
            applied="Kept in one fold.",
        )
