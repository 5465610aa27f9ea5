"""Score a model on labelled data that nobody has used, and say where somebody has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import DataError
from headstart.core.estimate import Interval, Score
from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.data import LoadOptions, load, seen_rows, select
from headstart.metrics import fitting
from headstart.recipes.deciding import score_on
from headstart.recipes.settings import FitSettings
from headstart.serve import AdaptedModel
from headstart.serve.folder import located

MOST_PLACES = 50


@dataclass(frozen=True)
class Evaluation:
    """A score with its 90 % interval on n examples.

    Attributes:
        n_seen: how many of them the model was trained on, told by their content; None: not recorded.
        unseen: the score on the others alone, where some were seen and some were not.
    """

    metric: str
    score: float
    interval: Interval
    n: int
    n_seen: int | None = None
    unseen: Score | None = None
    findings: tuple[Finding, ...] = ()


def evaluate(model: str, settings: FitSettings, watch: Watch) -> Evaluation:
    """Score the model in the metric that it was fitted for, or in --metric."""
    fitted = AdaptedModel.load(model)
    signature = fitted.signature
    fitting(settings.metric, signature.kind)
    columns = signature.columns
    options = LoadOptions(
        label=settings.label or columns.get("label"),
        text=settings.text or columns.get("text"),
        image=settings.image or columns.get("image"),
        kind=signature.kind,
        classes=signature.classes,
        metric=settings.metric or signature.metric,
        normalize_labels=settings.normalize_labels,
    )
    task = load(settings.require_data(), options, seed=settings.seed)
    if task.modality is not signature.modality:
        raise DataError(
            f"{task.modality.value}s",
            where=settings.data,
            expected=f"{signature.modality.value}s, which the model was fitted on",
            remedy="Give examples of the form that the model was fitted on.",
        )
    watch.stage("predicting", len(task))
    predictions = fitted.scored(fitted.run(task.inputs).values)
    score = score_on(task, predictions)
    seen = trained_on(fitted, Path(model), task)
    if seen is None or not seen.any():
        known = None if seen is None else 0
        return Evaluation(task.metric, score.estimate, score.interval, len(task), known)
    fresh = np.flatnonzero(~seen)
    unseen = score_on(select(task, fresh), predictions[fresh]) if len(fresh) else None
    told = (overlapping(task, seen),)
    return Evaluation(task.metric, score.estimate, score.interval, len(task), int(seen.sum()), unseen, told)


def trained_on(model: AdaptedModel, folder: Path, task: Task) -> NDArray[np.bool_] | None:
    """[n] which examples the model was trained on, by their content; None: nothing is recorded."""
    own = located(folder)
    for place in (own, own.parent):
        if (place / seen_rows.FILE).is_file():
            return seen_rows.among(task.inputs, seen_rows.read(place / seen_rows.FILE))
    if model.about.get("fingerprint") == task.fingerprint:
        return np.ones(len(task), dtype=bool)
    return None


def overlapping(task: Task, seen: NDArray[np.bool_]) -> Finding:
    """What a score on training rows is worth."""
    rows = np.flatnonzero(seen).tolist()
    whole = len(rows) == len(task)
    which = f"All {len(task)} examples" if whole else f"{len(rows)} of the {len(task)} examples"
    worth = "this score says nothing about new ones" if whole else "they flatter the score on all of them"
    return Finding(
        code="HS-R02",
        severity=Severity.ERROR,
        title="Data that the model was trained on",
        detail=f"{which} are copies of training examples, whose answers the model knows: {worth}.",
        where=tuple(task.inputs.locate(row) for row in rows[:MOST_PLACES]),
        remedy="Score it on labelled examples that nobody has used."
        if whole
        else "Quote the score on the others, or give data without the training examples.",
    )
