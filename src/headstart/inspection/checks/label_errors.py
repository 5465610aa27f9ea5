"""Labels that several sources, each fitted without the row, agree to be wrong.

Confident learning (Northcutt, Jiang & Chuang, JAIR 2021): a row counts as confidently of another class when
its probability there reaches the mean that the class's own rows have. Sources vote; one alone errs too often.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from headstart.core.finding import Finding, NotApplicable
from headstart.core.kinds import Severity
from headstart.inspection.check import Check, register
from headstart.inspection.facts import Facts

AGREEMENT = 2  # sources that must name the same other class, and more than half of those that speak
# With 5 % of labels flipped, 20 or 60 a class, on five sets: .62 of those reported were flipped, and .53 of
# the flipped were reported; at .2 it is .41 and .60.
MARGIN = 0.5  # the mean probability by which the other class must lead


@register
class LabelErrors(Check):
    """Likely label errors."""

    code, title, severity = "HS-D01", "Likely label errors", Severity.WARNING
    needs = ("classes", "oof")

    def __call__(self, facts: Facts) -> Finding | NotApplicable | None:
        """Rows whose label is doubted, the most doubtful first."""
        task = facts.task
        sources = [p for p in (facts.oof or {}).values() if p.shape == (len(task), len(task.classes))]
        if len(sources) < AGREEMENT:
            return self.silent(
                f"fewer than {AGREEMENT} sources have predicted the rows; one alone errs too often"
            )
        rows, named = doubtful(np.stack(sources), task.targets)
        if not len(rows):
            return None
        doubts = [
            f"{task.inputs.locate(row)}: {facts.label(row)} or {task.classes[other]}?"
            for row, other in zip(rows.tolist(), named.tolist(), strict=True)
        ]
        many = "1 label contradicts" if len(rows) == 1 else f"{len(rows)} of {len(task)} labels contradict"
        return self.finding(
            f"{many} what at least {AGREEMENT} of {len(sources)} sources predict for "
            f"{'it' if len(rows) == 1 else 'them'}; the most doubtful: {doubts[0]}",
            "Look at these examples and correct the labels that are wrong; some will be right but unusual.",
            where=doubts,
            rows=rows.tolist(),
        )


def doubtful(
    probabilities: NDArray[np.float64], labels: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows [m] whose label is doubted, most doubtful first, and the class [m] named instead.

    Args:
        probabilities: [sources, n, k] out-of-fold; NaN rows do not vote.
        labels: [n] class indices.
    """
    votes = np.zeros(probabilities.shape[1:])
    for source in probabilities:
        other = confidently_other(source, labels)
        votes[np.flatnonzero(other >= 0), other[other >= 0]] += 1
    voters = np.asarray(np.isfinite(probabilities).all(axis=2))
    named = votes.argmax(axis=1)
    mean = (
        np.where(voters[:, :, None], probabilities, 0.0).sum(axis=0)
        / np.maximum(voters.sum(axis=0), 1)[:, None]
    )
    own = np.arange(len(labels))
    margin = mean[own, named] - mean[own, labels]
    most = votes.max(axis=1)
    doubted = (most >= AGREEMENT) & (most * 2 > voters.sum(axis=0)) & (margin > MARGIN)
    rows = np.flatnonzero(doubted)
    rows = rows[np.argsort(-margin[rows], kind="stable")]
    return rows, named[rows].astype(np.int64)


def confidently_other(source: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """[n] the class that a source confidently says instead of the label, -1 where it does not."""
    known = np.asarray(np.isfinite(source).all(axis=1))
    k = source.shape[1]
    filled = np.where(known[:, None], source, 0.0)
    usual = np.full(k, np.inf)
    for c in range(k):
        own = known & (labels == c)
        if own.any():
            usual[c] = filled[own, c].mean()
    confident = np.where(filled >= usual, filled, -1.0)
    best = confident.argmax(axis=1)
    says_other = known & (confident.max(axis=1) >= 0) & (best != labels)
    return np.where(says_other, best, -1).astype(np.int64)
