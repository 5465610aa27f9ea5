"""From fold models to one member: their weights averaged where that loses nothing, else all of them."""

from __future__ import annotations

import numpy as np

from headstart.core.kinds import Kind
from headstart.how.fold_model import FoldModel, average
from headstart.how.predictor import TunedNetwork
from headstart.how.sharpness import best_sharpness
from headstart.how.targets import losses
from headstart.how.trial import Trial
from headstart.training.calibration import softmax

# Averaged weights cost 1 / K at prediction. They are refused where, on the rows at hand, their mean loss
# exceeds that of the averaged predictions by more than this share of it and this much (nats).
LOSS_SLACK_FRAC = 0.1
LOSS_SLACK = 0.02


def handed_back(trial: Trial) -> TunedNetwork:
    """The member that a whole trial leaves."""
    task = trial.context.task
    sharpness = 1.0
    if task.kind is Kind.CLASSIFICATION:
        sharpness = best_sharpness(trial.scores, task.targets)
    models = [model.scaled(sharpness) for model in trial.models]
    one = average(models)
    chosen = [one] if _is_as_good(trial, one, models) else models
    card = trial.network.card
    config = {
        "source": str(trial.candidate.source),
        "weights_sha256": card.weights_sha256,
        "strategy": trial.candidate.strategy,
        "cut": trial.tuning.cut,
        "size": trial.size,
        "flip": trial.settings.flip,
        "kind": str(task.kind),
        "prefix_dtype": _name(trial.context.prefix_dtype(trial.network)),
        "dtype": _name(trial.dtype),
        "n_models": len(chosen),
    }
    return TunedNetwork(trial.network, chosen, config)


def _is_as_good(trial: Trial, one: FoldModel, models: list[FoldModel]) -> bool:
    """Whether there is no hill between the models: the mean of weights fits the rows like the mean vote."""
    task, rows = trial.context.task, np.arange(len(trial.context.task))
    is_class = task.kind is Kind.CLASSIFICATION

    def predicted(model: FoldModel) -> np.ndarray:
        scores = model.scores(trial.read(rows, model.tensors))
        return softmax(scores) if is_class else scores

    vote = losses(np.mean([predicted(m) for m in models], axis=0), task, rows, are_logits=False).mean()
    own = losses(predicted(one), task, rows, are_logits=False).mean()
    slack = LOSS_SLACK if is_class else 0.0
    return bool(own <= vote * (1.0 + LOSS_SLACK_FRAC) + slack)


def _name(dtype: object) -> str:
    return str(dtype).removeprefix("torch.")
