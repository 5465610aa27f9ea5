"""What some sources add to everything else: the same combination, once with them and once without."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from headstart.core.evidence import Evidence
from headstart.core.folds import Folds
from headstart.core.inheritance import Difference
from headstart.core.seeds import generator
from headstart.core.task import Task
from headstart.metrics.estimates import difference_error
from headstart.metrics.intervals import around, resamples
from headstart.when.judge import Comparison, compare, measured
from headstart.when.limits import USUAL, Limits


def over_control(
    evidence: Sequence[Evidence],
    sources: Collection[str],
    task: Task,
    folds: Folds,
    *,
    limits: Limits = USUAL,
) -> Difference:
    """The controls with `sources`, against the controls alone: both cross-fitted, 90 % interval."""
    own = [e for e in evidence if e.candidate.source is None or e.candidate.source in sources]
    alone = compare(own, task, folds, limits=limits)
    return Difference(estimate=alone.gain, interval=measured(alone))


def over_the_rest(
    together: Comparison,
    evidence: Sequence[Evidence],
    sources: Collection[str],
    task: Task,
    folds: Folds,
    *,
    limits: Limits = USUAL,
) -> Difference | None:
    """`together`, against the combination of all but `sources`; None where nothing else is transferred."""
    rest = [e for e in evidence if e.candidate.source not in sources]
    if all(e.candidate.is_control for e in rest):
        return None
    without = compare(rest, task, folds, standing=together.pool.standing, limits=limits)
    gain = together.score.estimate - without.score.estimate
    counts = resamples(len(task), generator(task.seed, "bootstrap"), task.groups)
    error = difference_error(task, together.predictions, without.predictions, together.pool.folds, counts)
    return Difference(estimate=gain, interval=around(gain, error, len(task)))
