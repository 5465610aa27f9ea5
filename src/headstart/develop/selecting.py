"""Select the task to develop a source on, by evidence: the one that helps a target with few labels most.

The rule is fixed. Each task is expected to gain what its size promises (`SIZE_NATS` less with every halving
against the largest); what a quick probe measures on the target's labels moves that expectation as far as
its error allows (the posterior mean of a normal prior with `PRIOR_SD` and a normal measurement). The best of
many noisy measurements is flattered by chance; shrunk ones are not, and with few labels size decides.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import DataError
from headstart.core.ranked_task import RankedTask
from headstart.core.task import Task
from headstart.core.watch import Silent, Watch
from headstart.data import folds as shared_folds
from headstart.develop import task_signs
from headstart.develop.offered import Features, OfferedTask, Reader, speaking
from headstart.develop.quick_probe import Gain, Plain, answers
from headstart.training.blas import one_blas_thread
from headstart.training.kernel_ridge import mean_gram, moments, standardise
from headstart.training.probe import coded_targets

Array = NDArray[np.float64]

SIZE_NATS = 0.01  # per halving of the number of labelled examples
PRIOR_SD = 0.05  # nats per example: how far apart tasks of one size lie in what they give to a target


@dataclass(frozen=True)
class Seen:
    """What was measured on one offered task; None where it could not be, `error` says why."""

    gain: Gain | None = None
    distance: float | None = None
    affinity: float | None = None
    shared: float | None = None
    error: str = ""


def rank_source_tasks(
    target: Task, offered: Sequence[OfferedTask], features: Reader, *, watch: Watch | None = None
) -> tuple[RankedTask, ...]:
    """The offered tasks, best first, with evidence from `target`'s labels.

    `features` reads a task's examples through one or two cheap public sources (`sources.extract` with a
    cache, as the recipe has them); it is asked for the target once and for at most `MOST_ROWS` rows of each
    offered task. Rows of the target never speak for a task. The same data and seed give the same ranking.
    When `watch` asks to stop, the tasks not yet looked at are ranked by size.

    Raises:
        DataError: nothing is offered, two tasks have one name, or the target cannot be split into folds.
    """
    _refuse(target, offered)
    watch = watch or Silent()
    watch.stage("looking at source tasks", len(offered))
    with one_blas_thread():
        ours = features(target)
        plain = Plain.of(target, mean_gram(ours), shared_folds(target))
        seen = []
        for one in offered:
            began = time.monotonic()
            found = Seen(error="stopped before it was looked at")
            if not watch.stop_requested:
                found = look_at(one, plain, ours, features)
            seen.append((one, found, time.monotonic() - began))
            watch.advance()
    return ordered(seen)


def look_at(offered: OfferedTask, plain: Plain, ours: Features, features: Reader) -> Seen:
    """Measure one task from the target: signs of nearness, and the gain by a quick probe."""
    target = plain.target
    if offered.task is None:
        if offered.developed is None:
            return Seen(error="only its record is at hand, no examples and no network")
        return Seen(gain=plain.gain(offered.developed))
    if offered.task.modality is not target.modality:
        return Seen(error=f"it holds {offered.task.modality.value}s, the target {target.modality.value}s")
    source = speaking(offered.task, target)
    if source is None:
        return Seen(error="too few of its labelled examples are not the target's own")
    theirs = features(source)
    mine, other = joined(ours, theirs)
    said = answers(other, source, mine)
    added = said if offered.developed is None else offered.developed
    return Seen(
        plain.gain(added),
        task_signs.distance(mine, other),
        task_signs.label_affinity(said, target, plain.folds),
        task_signs.shared_features(mine, other, coded_targets(target)[0], coded_targets(source)[0]),
    )


def joined(ours: Features, theirs: Features) -> tuple[Array, Array]:
    """Both tasks' features side by side, [n, d] and [m, d], each source's standardised on all rows.

    Every public source has the same weight, whatever its width.
    """
    pairs = []
    for mine, other in zip(ours, theirs, strict=True):
        scale = moments(np.concatenate([mine, other]))
        pairs.append([standardise(x, *scale) / math.sqrt(x.shape[1]) for x in (mine, other)])
    mine, other = (np.concatenate(parts, axis=1).astype(np.float64) for parts in zip(*pairs, strict=True))
    return mine, other


def promised(size: int, largest: int) -> float:
    """Nats that a task of a size is expected to give, against the largest one offered (0).

    >>> promised(250, 1000)
    -0.02
    """
    return SIZE_NATS * math.log2(max(size, 1) / max(largest, 1))


def expected(seen: Seen, prior: float) -> float:
    """The posterior mean of a task's gain.

    >>> expected(Seen(), prior=-0.01)
    -0.01
    """
    if seen.gain is None:
        return prior
    weight = PRIOR_SD**2 / (PRIOR_SD**2 + seen.gain.error**2)
    return weight * seen.gain.nats + (1.0 - weight) * prior


def ordered(seen: Sequence[tuple[OfferedTask, Seen, float]]) -> tuple[RankedTask, ...]:
    """Best first; ties by size, then by name."""
    largest = max(one.size for one, _, _ in seen)
    scored = [(expected(found, promised(one.size, largest)), one, found, s) for one, found, s in seen]
    scored.sort(key=lambda line: (-round(line[0], 6), -line[1].size, line[1].name))
    return tuple(
        RankedTask(
            name=one.name,
            rank=place,
            score=score,
            interval=found.gain.interval if found.gain else None,
            error=found.error,
            n=one.size,
            n_classes=one.classes,
            shared_features=found.shared,
            label_affinity=found.affinity,
            distance=found.distance,
            probe_score=found.gain.probe_score if found.gain else None,
            cost_s=cost_s,
            reason=reason(found, one.size == largest),
        )
        for place, (score, one, found, cost_s) in enumerate(scored, start=1)
    )


def reason(seen: Seen, is_largest: bool) -> str:
    """Why a task stands where it stands, in plain words."""
    size = "the largest offered" if is_largest else "smaller than the largest offered"
    if seen.gain is None:
        return f"by size alone ({size}): {seen.error}"
    span = seen.gain.interval
    measured = f"{seen.gain.nats:+.2f} nats an example ({span.low:+.2f} to {span.high:+.2f})"
    if span.contains(0.0):
        return (
            f"undecided: what a quick probe on it adds for the target, {measured}, may be chance; "
            f"size counts too ({size})"
        )
    verb = "helps" if seen.gain.nats > 0 else "misleads"
    return f"a quick probe on it {verb} on the target: {measured}"


def _refuse(target: Task, offered: Sequence[OfferedTask]) -> None:
    names = [one.name for one in offered]
    if not names:
        raise DataError("no task is offered", where=target.name, expected="at least one task with labels")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataError(
            f"two offered tasks are called {twice[0]!r}",
            where=target.name,
            expected="a name of its own for each",
        )
