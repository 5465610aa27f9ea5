"""What `fit` would do, and what that would cost; nothing is fetched, nothing is written."""

from __future__ import annotations

from pydantic import BaseModel

from headstart.core.finding import Finding
from headstart.core.run import TaskRecord
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.recipes import ordering, repeating
from headstart.recipes.admitting import admitted
from headstart.recipes.looking import USUAL_FOLDS
from headstart.recipes.recording import task_record
from headstart.recipes.settings import FitSettings
from headstart.recipes.sources_at_hand import chosen
from headstart.sources.cost import predict


class PlannedSource(BaseModel):
    """A source that would be looked through: predicted seconds, and bytes to fetch first."""

    source: str
    input_sizes: tuple[int, ...]
    predicted_s: float
    download_bytes: int
    licence: str


class DryRun(BaseModel):
    """The plan: the task as it was understood, the sources, the totals."""

    task: TaskRecord
    sources: tuple[PlannedSource, ...]
    predicted_look_s: float
    download_bytes: int
    findings: tuple[Finding, ...]


def dry_run(settings: FitSettings, watch: Watch, *, task: Task | None = None) -> DryRun:
    """Read the data, choose the sources, predict the look's cost from this machine's probes."""
    order = ordering.taken(settings, task)
    settings, data = order.settings, order.data
    watch.stage("planning")
    planned = []
    wanted = chosen(settings, data.task.modality)
    sources, refused = admitted(wanted.sources, order.asked, data.task.modality, named=bool(settings.source))
    for source in sources:
        sizes = repeating.sizes(order.recipe)(source.card, data.task.inputs)
        seconds = sum(predict(source.card, len(data.task), size, threads=settings.threads) for size in sizes)
        planned.append(
            PlannedSource(
                source=source.card.id,
                input_sizes=sizes,
                predicted_s=seconds,
                download_bytes=source.card.download_bytes,
                licence=source.card.licence,
            )
        )
    return DryRun(
        task=task_record(data.task),
        sources=tuple(planned),
        predicted_look_s=sum(one.predicted_s for one in planned),
        download_bytes=sum(one.download_bytes for one in planned),
        findings=(*data.task.notes, *wanted.findings, *refused),
    )


def in_words(plan: DryRun) -> str:
    """The plan for a person."""
    task = plan.task
    what = f"{task.n_train} {task.modality.value}s"
    what += f" in {task.n_classes} classes" if task.n_classes else ", a value each"
    lines = [f"{what}, scored by {task.metric}, in {USUAL_FOLDS} folds."]
    for one in plan.sources:
        fetch = f", {one.download_bytes / 1e6:.0f} MB to fetch" if one.download_bytes else ", at hand"
        sizes = " and ".join(map(str, one.input_sizes))
        lines.append(f"  {one.source}: about {one.predicted_s:.0f} s at input size {sizes}{fetch}")
    lines.append(
        f"A look through all of them: at most about {plan.predicted_look_s:.0f} s, and "
        f"{plan.download_bytes / 1e6:.0f} MB to fetch. Tuning takes what the time limit leaves."
    )
    return "\n".join(lines)
