"""Whether what a run hands back meets its specification: measured on the model as it was assembled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from headstart.core.finding import Finding
from headstart.core.folds import Folds
from headstart.core.kinds import Kind, Modality, Severity
from headstart.core.run import CurvePoint, RunRecord
from headstart.core.specification import Specification, SpecLine
from headstart.core.task import Task
from headstart.metrics.intervals import widening
from headstart.recipes.checking import merged
from headstart.recipes.deciding import Decision
from headstart.recipes.next_steps import next_steps
from headstart.recipes.pricing import folder_bytes
from headstart.recipes.requirements import Curve, Known, Recall, check
from headstart.recipes.speed import milliseconds
from headstart.serve import AdaptedModel

TIMED_ROWS, TIMED_ROUNDS = 16, 3

CODES = {  # requirement -> permanent code and title of the finding that it is not met
    "classes": ("HS-R30", "The model lacks a class that the specification asks for"),
    "minimum_score": ("HS-R31", "The score is below the specification"),
    "per_class_floors": ("HS-R32", "A class is recognised less often than the specification asks"),
    "latency_ms": ("HS-R33", "The model is slower than the specification allows"),
    "size_mb": ("HS-R34", "The model is larger than the specification allows"),
    "input_size": ("HS-R35", "The model reads larger pictures than the product has"),
    "licence": ("HS-R36", "A licence that the specification does not allow"),
}
OPEN = ("HS-R37", "Not known yet whether the specification is met")


def examples_timed(asked: Specification | None) -> int:
    """How many examples the model will answer for the clock."""
    return TIMED_ROWS * TIMED_ROUNDS if asked is not None and asked.latency_ms is not None else 0


def completed(
    record: RunRecord,
    asked: Specification | None,
    task: Task,
    decision: Decision,
    model: AdaptedModel,
    folder: Path,
) -> RunRecord:
    """The record with the specification's lines and what to do about those that fail.

    `model` lies in `folder` by now.
    """
    if asked is None:
        return record
    lines = check(asked, known(asked, task, decision, model, folder))
    findings = merged(record.findings, tuple(failures(lines, len(networks(model)))))
    made = record.model_copy(update={"specification": lines, "findings": findings})
    return made.model_copy(update={"next_steps": next_steps(made)})


def known(asked: Specification, task: Task, decision: Decision, model: AdaptedModel, folder: Path) -> Known:
    """What was found of the model; it is timed only where a latency is asked for."""
    timed = None
    if asked.latency_ms is not None:
        (timed,) = milliseconds([model.run], task.inputs, rows=TIMED_ROWS, rounds=TIMED_ROUNDS)
    is_image = task.modality is Modality.IMAGE
    sides = [size for size in map(side, networks(model).values()) if is_image and size]
    return Known(
        classes=task.classes,
        score=decision.score,
        n_labels=len(task),
        curve=curve(decision.curve, passed=decision.verdict.gate_passed),
        recalls=recalls(task, decision.predictions, decision.comparison.pool.folds),
        latency_ms=timed,
        size_bytes=folder_bytes(folder),
        side=max(sides, default=None),
        licences={one.network.card.id: one.network.card.licence for one in networks(model).values()},
    )


def networks(model: AdaptedModel) -> Mapping[str, Any]:
    """The members of a model that run a network, by their first candidate."""
    found = {member.candidates[0]: member.predictor for member in model.members}
    return {name: one for name, one in found.items() if getattr(one, "network", None) is not None}


def side(predictor: Any) -> int | None:
    """Input size of a member: its own, or the one in its configuration."""
    size = getattr(predictor, "size", None) or getattr(predictor, "config", {}).get("size")
    return int(size) if size else None


def curve(points: tuple[CurvePoint, ...], *, passed: bool) -> Curve:
    """The learning curve of what was handed back."""
    pairs = ((point.n_labels, point.transfer if passed else point.control) for point in points)
    return [(n, value) for n, value in pairs if value is not None]


def recalls(task: Task, predictions: np.ndarray, folds: Folds) -> dict[str, Recall]:
    """By class, from out-of-fold predictions [n, k] in the form that the metric decides by."""
    if task.kind is not Kind.CLASSIFICATION:
        return {}
    right = predictions.argmax(1) == task.targets
    found = {}
    for index, name in enumerate(task.classes):
        rows = task.targets == index
        found[name] = Recall(int(right[rows].sum()), int(rows.sum()), widening(folds))
    return found


def failures(lines: tuple[SpecLine, ...], n_networks: int) -> Iterator[Finding]:
    """A finding for each line that is not met, and one for all that are not known yet."""
    for line in lines:
        if line.met == "no":
            code, title = CODES[line.requirement.partition(".")[0]]
            yield Finding(code, Severity.WARNING, title, told(line), (), remedy(line, n_networks))
    unknown = [line for line in lines if line.met == "unknown"]
    if unknown:
        code, title = OPEN
        detail = " ".join(told(line) for line in unknown)
        yield Finding(code, Severity.INFO, title, detail, (), "Label more examples, then fit again.")


def told(line: SpecLine) -> str:
    """A line as a sentence: what is asked, what there is, by how much."""
    unit = f" {line.unit}" if line.unit else ""
    found = "not measured" if line.found is None else _number(line.found)
    between = ""
    if line.interval is not None:
        between = f" ({line.interval.low:.3f} to {line.interval.high:.3f})"
    missed = f", short by {-line.by:.3g}" if line.by is not None and line.by < 0 else ""
    note = f"; {line.note}" if line.note else ""
    return (
        f"{line.requirement}: {_number(line.wanted)}{unit} asked for, {found}{between} found{missed}{note}."
    )


def remedy(line: SpecLine, n_networks: int) -> str:
    """What to do about a line that is not met."""
    kind, _, of = line.requirement.partition(".")
    distil = (
        f"`headstart distil` makes one network of the {n_networks}, from examples that need no labels."
        if n_networks > 1
        else "Fit with a smaller source (--source), or let the product have more."
    )
    return {
        "classes": "Add labelled examples of the missing classes.",
        "minimum_score": "Label more examples, allow a longer search (--preset best), or bring more sources.",
        "per_class_floors": f"More labels for class {of!r}; look at its mistakes in the report first.",
        "latency_ms": distil,
        "size_mb": distil,
        "input_size": "Fit again: sources are read at the sizes that the specification allows.",
        "licence": "Fit again with sources of another licence.",
    }[kind]


def _number(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.3g}"
