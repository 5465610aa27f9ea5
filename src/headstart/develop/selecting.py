"""Select the task to develop a source on, by evidence: the one that helps a target with few labels most.

The rule is fixed: the mean of three signs with equal weight, each standardised over the tasks offered. Size
(in halvings), the share of the target's discriminative directions that a task has too, and what its classes
tell about the target's. Each alone chose about as well as size does, together clearly better
(docs/LOG.md 2026-11-24). What a quick probe on *public* features gains is shown but does not count: there it
chose no better than chance, since the answers of a head on features that the target's own probe reads as
well add little but noise. Read from a network that was developed on a task, it counts as a fourth sign.
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

# Of each sign (halvings, shares, share, nats): tasks that differ by less are told apart by little but chance,
# and standardising must not make a verdict of it.
LEAST_SPREADS = (0.5, 0.05, 0.05, 0.05)
SCORE_DECIMALS = 2  # of a standard deviation; what is closer is a tie


@dataclass(frozen=True)
class Seen:
    """What was measured on one offered task; None where it could not be, `error` says why."""

    gain: Gain | None = None
    distance: float | None = None
    affinity: float | None = None
    shared: float | None = None
    error: str = ""
    is_developed: bool = False


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
        return Seen(gain=plain.gain(offered.developed), is_developed=True)
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
        is_developed=offered.developed is not None,
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


def signs(size: int, seen: Seen) -> tuple[float | None, ...]:
    """What counts, larger is better; None where it was not measured."""
    gain = seen.gain.nats if seen.gain and seen.is_developed else None
    return math.log2(max(size, 1)), seen.shared, seen.affinity, gain


def combined(table: Sequence[Sequence[float | None]]) -> list[float]:
    """One score per task from its signs (see `signs`): their mean, in standard deviations over the tasks.

    A sign that one task lacks counts for it as the mean of the others; one that all lack does not count.

    >>> combined([(3.0, 0.5), (1.0, 0.5), (2.0, None)])
    [0.61, -0.61, 0.0]
    """
    columns = []
    for column, least in zip(np.array(table, dtype=np.float64).T, LEAST_SPREADS, strict=False):
        known = np.isfinite(column)
        if known.any():
            spread = max(float(column[known].std()), least)
            columns.append(np.where(known, (column - column[known].mean()) / spread, 0.0))
    return [round(float(score), SCORE_DECIMALS) for score in np.mean(columns, axis=0)]


def ordered(seen: Sequence[tuple[OfferedTask, Seen, float]]) -> tuple[RankedTask, ...]:
    """Best first; ties by size, then by name."""
    largest = max(one.size for one, _, _ in seen)
    scores = combined([signs(one.size, found) for one, found, _ in seen])
    scored = [(score, *line) for score, line in zip(scores, seen, strict=True)]
    scored.sort(key=lambda line: (-line[0], -line[1].size, line[1].name))
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
    said = [size]
    if seen.shared is not None:
        said.append(f"{seen.shared:.0%} of what tells the target's classes apart tells its own apart")
    if seen.affinity is not None:
        said.append(f"its classes tell {seen.affinity:.0%} of the target's")
    span = seen.gain.interval
    measured = f"{seen.gain.nats:+.2f} nats an example ({span.low:+.2f} to {span.high:+.2f})"
    verb = "helps" if seen.gain.nats > 0 else "misleads"
    verb = (
        f"undecided whether a quick probe on it {verb}"
        if span.contains(0.0)
        else f"a quick probe on it {verb}"
    )
    return "; ".join([*said, f"{verb}: {measured}"])


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
