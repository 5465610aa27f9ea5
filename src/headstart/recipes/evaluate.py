"""Score a model on labelled data that nobody has used."""

from __future__ import annotations

from dataclasses import dataclass, replace

from headstart.core.errors import DataError
from headstart.core.estimate import Interval
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.recipes.deciding import score_on
from headstart.recipes.opening import matched, opened
from headstart.recipes.settings import FitSettings
from headstart.serve import AdaptedModel


@dataclass(frozen=True)
class Evaluation:
    """A score with its 90 % interval on n examples."""

    metric: str
    score: float
    interval: Interval
    n: int


def evaluate(model: str, settings: FitSettings, watch: Watch) -> Evaluation:
    """Score the model in the metric that it was fitted for, or in --metric."""
    fitted = AdaptedModel.load(model)
    signature = fitted.signature
    columns = signature.columns
    known = {name: getattr(settings, name) or columns.get(name) for name in ("label", "text", "image")}
    asked = settings.model_copy(update={**known, "kind": signature.kind.value})
    given = opened(asked).task
    task = matched(given, _training(given, fitted))
    task = replace(task, metric=settings.metric or signature.metric)
    if given.modality is not signature.modality:
        raise DataError(f"{given.modality.value}s", where=settings.data, expected=signature.modality.value)
    watch.stage("predicting", len(task))
    score = score_on(task, fitted.scored(fitted.run(task.inputs).values))
    return Evaluation(task.metric, score.estimate, score.interval, len(task))


def _training(given: Task, fitted: AdaptedModel) -> Task:
    """The shape of the task that the model was fitted on."""
    signature = fitted.signature
    return replace(
        given,
        modality=signature.modality,
        kind=signature.kind,
        classes=signature.classes,
        metric=signature.metric,
    )
