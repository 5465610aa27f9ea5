"""What a development found, as the record and the card say it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Literal

import numpy as np

from headstart import __version__
from headstart.core.budget import Budget
from headstart.core.development import (
    Alternative,
    Baseline,
    Choice,
    DevelopRecord,
    HeldOut,
    KeptAs,
    Rows,
)
from headstart.core.finding import Finding
from headstart.core.kinds import Kind
from headstart.core.ranked_task import RankedTask
from headstart.core.run import Cost, Lineage, RankedSource
from headstart.core.source import SourceCard
from headstart.core.specification import SpecLine
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.data import select
from headstart.develop.attempt import Attempt
from headstart.develop.contest import Developed
from headstart.develop.parts import Parts
from headstart.recipes.beginnings import Beginnings
from headstart.recipes.checking import merged
from headstart.recipes.deciding import score_on
from headstart.recipes.develop_settings import DevelopSettings
from headstart.recipes.meeting import failures
from headstart.recipes.recording import environment, peak_rss_bytes, task_record
from headstart.report.development_words import headline, next_steps, reason
from headstart.sources.threads import physical_cores
from headstart.store import StoredObject


@dataclass(frozen=True)
class Found:
    """All that a development came to, before it is kept."""

    task: Task
    parts: Parts
    begun: Beginnings
    developed: Developed
    plain: Baseline
    findings: Sequence[Finding]

    @property
    def parent(self) -> SourceCard | None:
        """The source that it was continued from."""
        start = self.developed.best.start
        return start.network.card if start.parent else None

    @cached_property
    def held_out(self) -> HeldOut:
        """The score that nobody could have tuned to."""
        problem = self.developed.best.problem
        test = select(problem.task, problem.parts.test)
        score = score_on(test, self.developed.answers)
        return HeldOut(metric=self.task.metric, score=score.estimate, interval=score.interval, n=len(test))

    @property
    def rows(self) -> Rows:
        """How the examples were used."""
        used = self.developed.best.problem.parts
        return Rows(
            learn=len(used.learn),
            stop=len(used.stop),
            test=len(used.test),
            left_out=len(self.parts.learn) - len(used.learn),
        )


def choice(found: Found) -> Choice:
    """What was developed from what, and why."""
    developed, looked = found.developed, found.begun.looked
    best = developed.best
    start, kept = best.start, best.kept
    assert kept is not None
    lines = alternatives(developed.tries, best)
    return Choice(
        method="supervised",
        start=start.id,
        parent=start.parent,
        architecture=start.network.card.architecture,
        parameters=sum(block.parameters for block in start.network.blocks),
        input_size=start.size,
        frozen_blocks=start.tuning.cut,
        blocks=len(start.network.blocks),
        mirrored=start.mirrored,
        best_epoch=kept.epoch,
        epochs=len(best.curve),
        reason=reason(lines, looked, found.task.metric),
        alternatives=lines,
    )


def alternatives(tries: Sequence[Attempt], best: Attempt) -> tuple[Alternative, ...]:
    """Every try, the one that was kept first."""
    lines = [_alternative(attempt, attempt is best) for attempt in tries]
    return tuple(sorted(lines, key=lambda line: (line.status != "chosen", line.loss or math.inf)))


def _alternative(attempt: Attempt, chosen: bool) -> Alternative:
    judged = attempt.kept.judgement if attempt.kept else None
    behind = attempt.status if attempt.status.startswith(("failed", "out")) else "behind"
    return Alternative(
        start=attempt.start.id,
        parent=attempt.start.parent,
        architecture=attempt.start.network.card.architecture,
        score=judged.score if judged else None,
        loss=judged.loss if judged else None,
        cost_s=attempt.cost_s,
        rows=len(attempt.problem.parts.learn),
        epochs=len(attempt.curve),
        status="chosen" if chosen else behind,
    )


def lineage(fingerprint: str, settings: DevelopSettings, parent: SourceCard | None) -> Lineage:
    """Data (by `fingerprint`) and parent by content, and how to repeat it."""
    return Lineage(
        data={"train": fingerprint},
        sources={parent.id: parent.weights_sha256} if parent else {},
        parents=tuple(digest for digest in (fingerprint, parent.weights_sha256 if parent else "") if digest),
        code_version=__version__,
        environment=environment(),
        threads=settings.threads or physical_cores(),
        seed=settings.seed,
        options=settings.model_dump(mode="json", exclude_defaults=True),
    )


def cost(found: Found, clock: Budget, stages_s: dict[str, float]) -> Cost:
    """Seconds and bytes so far; the speed is that of learning, what it took to prepare it included."""
    begun, best = found.begun, found.developed.best
    learned = len(best.problem.parts.learn) * len(best.curve)
    return Cost(
        wall_s=clock.spent_s(),
        forward_pass_s=begun.forward_s,
        peak_rss_bytes=peak_rss_bytes(),
        examples_per_s=learned / best.cost_s if best.cost_s > 0 else 0.0,
        download_s=begun.shelf.download_s,
        stages_s=stages_s,
    )


def why_stopped(watch: Watch, found: Found) -> Literal["budget", "interrupt"] | None:
    """Whether it was cut short, and by what: by the budget only where that left something out."""
    if watch.stop_requested:
        return "interrupt"
    is_short = any(attempt.status == "out of time" for attempt in found.developed.tries)
    return "budget" if is_short or found.rows.left_out else None


def confusion(developed: Developed, task: Task) -> tuple[tuple[int, ...], ...]:
    """Counts of truth against answer on the part that is scored once; empty for values."""
    problem = developed.best.problem
    if task.kind is not Kind.CLASSIFICATION:
        return ()
    truth = problem.task.targets[problem.parts.test]
    counts = np.zeros((len(task.classes), len(task.classes)), dtype=np.int64)
    np.add.at(counts, (truth, developed.answers.argmax(1)), 1)
    return tuple(tuple(line) for line in counts.tolist())


def predicted(developed: Developed, task: Task) -> tuple[tuple[float, float], ...]:
    """(truth, answer) of held-out values; empty for classes."""
    problem = developed.best.problem
    if task.kind is not Kind.REGRESSION:
        return ()
    truth = problem.task.targets[problem.parts.test]
    return tuple((float(t), float(a)) for t, a in zip(truth, developed.answers[:, 0], strict=True))


def unmet(specification: Sequence[SpecLine]) -> tuple[Finding, ...]:
    """What to do about the lines of a specification that are not met, or not known yet."""
    return tuple(failures(tuple(specification), n_networks=1))


def record(
    settings: DevelopSettings,
    kept: StoredObject,
    found: Found,
    selection: Sequence[RankedTask],
    seen: Sequence[RankedSource],
    specification: Sequence[SpecLine],
    spent: Cost,
    stopped: Literal["budget", "interrupt"] | None,
) -> DevelopRecord:
    """Everything in the form that `develop.json` keeps; `seen` is the new source from the target."""
    task, developed = found.task, found.developed
    made = DevelopRecord(
        name=kept.name,
        object=KeptAs(name=kept.name, version=kept.version, sha256=kept.sha256, bytes=kept.bytes),
        task=task_record(task),
        selection=tuple(selection),
        choice=choice(found),
        rows=found.rows,
        curve=developed.best.curve,
        held_out=found.held_out,
        baseline=found.plain,
        findings=merged(found.begun.findings, found.findings, unmet(specification)),
        cost=spent,
        lineage=lineage(task.fingerprint, settings, found.parent),
        stopped=stopped,
        card=dict(kept.card),
        specification=tuple(specification),
        looked=found.begun.looked,
        reuse=tuple(seen),
        confusion=confusion(developed, task),
        predicted=predicted(developed, task),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    told = {"next_steps": next_steps(made, settings.target), "headline": headline(made)}
    return made.model_copy(update=told)
