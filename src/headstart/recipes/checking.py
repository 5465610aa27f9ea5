"""What the checks get to see: the data, and what the look found."""

from __future__ import annotations

from collections.abc import Sequence

from headstart.core.finding import Finding
from headstart.core.folds import Folds
from headstart.core.kinds import Kind, Severity
from headstart.inspection import Facts
from headstart.recipes.looking import Looked
from headstart.recipes.opening import Opened
from headstart.training.learning_curve import LearningCurve

GRAVITY = list(Severity)


def merged(*lists: Sequence[Finding]) -> tuple[Finding, ...]:
    """All findings once, the gravest first."""
    unique = {(f.code, f.detail): f for findings in lists for f in findings}
    return tuple(sorted(unique.values(), key=lambda f: (GRAVITY.index(f.severity), f.code)))


def facts(data: Opened, looked: Looked, folds: Folds, rising: LearningCurve | None) -> Facts:
    """The data, what test data repeats of it, each source's best probe out of fold, the sources' sizes.

    `rising` is the learning curve of transfer, where there is one.
    """
    look = looked.look
    oof = {}
    if data.task.kind is Kind.CLASSIFICATION:
        for probe in sorted(look.probes, key=lambda probe: probe.merit):
            oof[probe.reading.card.id] = probe.evidence.pooled
    used = tuple((reading.card, reading.size) for reading in look.readings)
    return Facts(
        task=data.task,
        test=data.given_test,
        overlap=data.leaked,
        oof=oof or None,
        folds=folds,
        sources=used,
        left_out=looked.left_out,
        curve=rising.points if rising else (),
    )
