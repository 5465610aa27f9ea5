"""Score a model on labelled data that nobody has used."""

from __future__ import annotations

from dataclasses import dataclass

from headstart.core.errors import DataError
from headstart.core.estimate import Interval
from headstart.core.watch import Watch
from headstart.data import LoadOptions, load
from headstart.recipes.deciding import score_on
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
        )
    watch.stage("predicting", len(task))
    score = score_on(task, fitted.scored(fitted.run(task.inputs).values))
    return Evaluation(task.metric, score.estimate, score.interval, len(task))
