"""Examples that occur more than once."""

from __future__ import annotations

import numpy as np

from headstart.core.finding import Finding, NotApplicable
from headstart.core.kinds import Severity
from headstart.inspection.check import Check, register
from headstart.inspection.facts import Facts


@register
class ExactDuplicates(Check):
    """The same content several times."""

    code, title, severity = "HS-D02", "Exact duplicates", Severity.WARNING

    def __call__(self, facts: Facts) -> Finding | NotApplicable | None:
        """All rows whose content another row has too, copy beside copy."""
        groups = facts.duplicates.exact
        sizes = np.bincount(groups)
        rows = np.flatnonzero(sizes[groups] > 1)
        if not len(rows):
            return None
        rows = rows[np.argsort(groups[rows], kind="stable")].tolist()
        extra = len(rows) - int((sizes > 1).sum())
        return self.finding(
            f"Of {len(groups)} examples, {extra} repeat{'s' * (extra == 1)} another one exactly.",
            "Remove the copies: they count as evidence but bring none.",
            where=[facts.task.inputs.locate(row) for row in rows],
            rows=rows,
            applied="Copies are kept in one fold.",
        )
