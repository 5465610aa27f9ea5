"""Examples that are all but copies: re-encoded, resized, one burst, one word changed."""

from __future__ import annotations

import numpy as np

from headstart.core.finding import Finding, NotApplicable
from headstart.core.kinds import Severity
from headstart.inspection.check import Check, counted, register
from headstart.inspection.facts import Facts


@register
class NearDuplicates(Check):
    """Nearly the same content several times."""

    code, title, severity = "HS-D03", "Near duplicates", Severity.WARNING

    def __call__(self, facts: Facts) -> Finding | NotApplicable | None:
        """All rows that a row of other content resembles, copy beside copy."""
        exact, near = facts.duplicates.exact, facts.duplicates.near
        contents = np.zeros(near.max(initial=-1) + 1, dtype=np.int64)
        np.add.at(contents, near[np.unique(exact, return_index=True)[1]], 1)
        rows = np.flatnonzero(contents[near] > 1)
        if not len(rows):
            return None
        rows = rows[np.argsort(near[rows], kind="stable")].tolist()
        groups = int((contents > 1).sum())
        return self.finding(
            f"{len(rows)} of {len(near)} examples fall into {counted(groups, 'group')} of near copies.",
            "Count a group as one example when you judge how much data you have. If some are not copies, "
            "nothing is lost but a little freedom in splitting.",
            where=[facts.task.inputs.locate(row) for row in rows],
            rows=rows,
            applied="Near copies are kept in one fold.",
        )
