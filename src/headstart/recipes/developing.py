"""What a development found, as the record and the card say it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np

from headstart import __version__
from headstart.core.development import (
    Alternative,
    Baseline,
    Choice,
    DevelopRecord,
    HeldOut,
    KeptAs,
    Rows,
)
from headstart.core.estimate import Score
from headstart.core.finding import Finding
from headstart.core.kinds import Kind
from headstart.core.ranked_task import RankedTask
from headstart.core.run import Cost, Lineage, TaskRecord
from headstart.core.source import SourceCard
from headstart.core.task import Task
from headstart.develop.attempt import Attempt
from headstart.develop.contest import Developed
from headstart.develop.parts import Parts
from headstart.recipes.beginnings import Beginnings
from headstart.recipes.develop_settings import DevelopSettings
from headstart.recipes.recording import environment
from headstart.report.development_words import headline, next_steps, reason
from headstart.sources.threads import physical_cores
from headstart.store import StoredObject

OWN = "LicenseRef-own"  # developed from nothing: the terms are the user's


def source_card(developed: Developed, task: Task, name: str) -> SourceCard:
    """The developed network as a source; its hash is filled in when it is packed."""
    start = developed.best.start
    old = start.network.card
    said = f"developed on {task.name}: {len(task)} {task.modality.value}s"
    said += f", {len(task.classes)} classes" if task.classes else ", values"
    if start.parent:
        said += f"; continued from {start.parent}"
    return SourceCard(
        id=f"store:{name}",
        name=name,
        modality=task.modality,
        architecture=old.architecture,
        parameters=old.parameters,
        weights_sha256="",
        licence=old.licence if start.parent else OWN,
        permissive=old.permissive if start.parent else True,
        download_bytes=0,
        input_sizes=old.input_sizes,
        tunable=True,
        pretraining=said,
        domain=task.name,
        parents=(start.parent,) if start.parent else (),
    )


def held_out(score: Score, task: Task, n: int) -> HeldOut:
    """The score that nobody could have tuned to."""
    return HeldOut(metric=task.metric, score=score.estimate, interval=score.interval, n=n)


def choice(developed: Developed, begun: Beginnings, task: Task) -> Choice:
    """What was developed from what, and why."""
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
        reason=reason(lines, begun.looked, task.metric),
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


def rows(developed: Developed, parts: Parts) -> Rows:
    """How the examples were used."""
    used = developed.best.problem.parts
    return Rows(
        learn=len(used.learn),
        stop=len(used.stop),
        test=len(used.test),
        left_out=len(parts.learn) - len(used.learn),
    )


def lineage(task: Task, settings: DevelopSettings, parent: SourceCard | None) -> Lineage:
    """Data and parent by content, and how to repeat it."""
    return Lineage(
        data={"train": task.fingerprint},
        sources={parent.id: parent.weights_sha256} if parent else {},
        parents=tuple(
            digest for digest in (task.fingerprint, parent.weights_sha256 if parent else "") if digest
        ),
        code_version=__version__,
        environment=environment(),
        threads=settings.threads or physical_cores(),
        seed=settings.seed,
        options=settings.model_dump(mode="json", exclude_defaults=True),
    )


def object_card(
    source: SourceCard,
    task: TaskRecord,
    chosen: Choice,
    scored: HeldOut | None,
    plain: Baseline | None,
    used: Rows,
    cost: Cost,
    made: Lineage,
) -> dict[str, Any]:
    """What the store says about the object."""
    from pydantic_core import from_json, to_json

    said = {
        "source": asdict(source),
        "task": {
            "id": task.id,
            "modality": task.modality,
            "kind": task.kind,
            "classes": task.classes,
            "metric": task.metric,
            "n_train": task.n_train,
            "fingerprint": task.fingerprint,
        },
        "held_out": scored,
        "baseline": plain,
        "method": chosen.method,
        "intended_use": intended_use(task),
        "limits": limits(task, scored, used),
        "choice": chosen.model_dump(mode="json", exclude={"alternatives"}),
        "rows": used,
        "cost": cost,
        "seed": made.seed,
        "code_version": made.code_version,
    }
    card: dict[str, Any] = from_json(to_json(said, inf_nan_mode="null"))
    return card


def intended_use(task: TaskRecord) -> str:
    """What the source is for."""
    return (
        f"A start for other tasks on {task.modality.value}s like those of {task.id}: "
        "its features to be read by probes, its blocks to be tuned."
    )


def limits(task: TaskRecord, scored: HeldOut | None, used: Rows) -> str:
    """What not to expect of it."""
    said = [f"It knows {used.learn} examples of one task; how far that carries, each new task has to show."]
    if scored is not None:
        said.append(
            f"The score holds for {task.modality.value}s that come from where those of {task.id} came from."
        )
    said.append("Rows that it learned from, or was stopped by, prove nothing about it.")
    return " ".join(said)


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


def record(
    *,
    settings: DevelopSettings,
    kept: StoredObject,
    task: TaskRecord,
    selection: Sequence[RankedTask],
    chosen: Choice,
    used: Rows,
    developed: Developed,
    scored: HeldOut,
    plain: Baseline | None,
    findings: Sequence[Finding],
    begun: Beginnings,
    cost: Cost,
    made: Lineage,
    stopped: Literal["budget", "interrupt"] | None,
    seen: Mapping[str, Any],
) -> DevelopRecord:
    """Everything in the form that `develop.json` keeps; `seen` are the answers on the held-out part."""
    found = DevelopRecord(
        name=kept.name,
        object=KeptAs(name=kept.name, version=kept.version, sha256=kept.sha256, bytes=kept.bytes),
        task=task,
        selection=tuple(selection),
        choice=chosen,
        rows=used,
        curve=developed.best.curve,
        held_out=scored,
        baseline=plain,
        findings=tuple(findings),
        cost=cost,
        lineage=made,
        stopped=stopped,
        card=dict(kept.card),
        looked=begun.looked,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        **seen,
    )
    told = {"next_steps": next_steps(found, settings.target), "headline": headline(found)}
    return found.model_copy(update=told)
