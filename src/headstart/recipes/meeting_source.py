"""Whether a developed source meets its specification: on held-out examples, timed and weighed as kept."""

from __future__ import annotations

from pathlib import Path

from headstart.core.estimate import Score
from headstart.core.kinds import Kind, Modality
from headstart.core.specification import Specification, SpecLine
from headstart.core.task import Inputs
from headstart.data import select
from headstart.develop.start import Start
from headstart.recipes import developing
from headstart.recipes.developing import Found
from headstart.recipes.fitting_starts import timed
from headstart.recipes.pricing import folder_bytes
from headstart.recipes.requirements import Known, Recall, check
from headstart.training.head import Head

NO_LABELS = "nothing is known of classes and scores without labels; `headstart fit` says it of the target"


def lines(asked: Specification | None, found: Found, files: Path) -> tuple[SpecLine, ...]:
    """Every line of the specification for the source packed in `files`; scores are of held-out examples."""
    if asked is None:
        return ()
    developed, held_out = found.developed, found.held_out
    best = developed.best
    test = select(best.problem.task, best.problem.parts.test)
    measured = _measured(asked, best.start, test.inputs, files, developed.head)
    known = Known(
        classes=found.task.classes,
        score=Score(held_out.score, held_out.interval),
        n_labels=len(found.task),
        recalls=recalls(found),
        latency_ms=measured.latency_ms,
        size_bytes=measured.size_bytes,
        side=measured.side,
        licences=measured.licences,
    )
    return check(asked, known)


def unlabelled_lines(
    asked: Specification | None, start: Start, inputs: Inputs, files: Path
) -> tuple[SpecLine, ...]:
    """Every line of the specification; what only labels tell is not known."""
    if asked is None:
        return ()
    nothing = {"classes": (), "minimum_score": None, "per_class_floors": None}
    measured = check(asked.model_copy(update=nothing), _measured(asked, start, inputs, files))
    unknown: list[tuple[str, str | float, str]] = []
    if asked.classes:
        unknown.append(("classes", ", ".join(asked.classes), ""))
    if asked.minimum_score is not None:
        unknown.append(("minimum_score", asked.minimum_score, str(asked.metric)))
    floors = asked.per_class_floors
    named = floors if isinstance(floors, dict) else {} if floors is None else {"every class": floors}
    unknown += [(f"per_class_floors.{name}", floor, "recall") for name, floor in named.items()]
    told = [
        SpecLine(requirement=name, wanted=wanted, found=None, met="unknown", unit=unit, note=NO_LABELS)
        for name, wanted, unit in unknown
    ]
    return (*told, *measured)


def recalls(found: Found) -> dict[str, Recall]:
    """By class, on the part that was scored once."""
    if found.task.kind is not Kind.CLASSIFICATION:
        return {}
    counts = developing.confusion(found.developed, found.task)
    return {
        name: Recall(line[index], sum(line))
        for index, (name, line) in enumerate(zip(found.task.classes, counts, strict=True))
    }


def _measured(
    asked: Specification, start: Start, inputs: Inputs, files: Path, head: Head | None = None
) -> Known:
    """What needs no label; timed only where a latency is asked for."""
    is_image = inputs.modality is Modality.IMAGE
    return Known(
        latency_ms=timed(start, inputs, head) if asked.latency_ms is not None else None,
        size_bytes=folder_bytes(files),
        side=start.size if is_image else None,
        licences={start.id: start.network.card.licence} if start.parent else {},
    )
