"""From fold models to one member: they vote.

Averaging their weights would cost a fifth at prediction (model soups, Wortsman et al., ICML 2022), but at
rates that learn from few labels the models do not stay in one valley: against the vote it lost 1.7, 1.8
and 16.8 points in three trials, and a test on rows that the models had seen did not tell (docs/how.md). The
frozen prefix is run once for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from headstart.core.folds import Folds
from headstart.core.kinds import Kind
from headstart.core.predictor import Config
from headstart.core.source import Network
from headstart.core.task import Task
from headstart.how.fold_model import FoldModel
from headstart.how.predictor import TunedNetwork
from headstart.how.sharpness import best_sharpness, cross_fitted
from headstart.how.trial import Trial
from headstart.training.states import Rows

Array = NDArray[np.float64]


def handed_back(trial: Trial) -> TunedNetwork:
    """The member that a whole trial leaves, as sure of itself as its out-of-fold predictions may be."""
    config = {
        "source": trial.network.card.id,  # a network from scratch is kept under its own id
        "weights_sha256": trial.network.card.weights_sha256,
        "strategy": trial.candidate.strategy,
        "cut": trial.tuning.cut,
        "size": trial.size,
        "flip": trial.settings.flip,
        "kind": str(trial.context.task.kind),
        "prefix_dtype": _name(trial.context.prefix_dtype(trial.network)),
        "dtype": _name(trial.dtype),
    }
    return voting(trial.network, trial.models, trial.scores, trial.context.task, config)


def voting(
    network: Network, models: Sequence[FoldModel], scores: Array, task: Task, config: Config
) -> TunedNetwork:
    """The models as one member, their logits as sharp as the out-of-fold `scores` [n, k] were right."""
    sharpness = 1.0
    if task.kind is Kind.CLASSIFICATION:
        sharpness = best_sharpness(scores, task.targets)
    named = {**config, "n_models": len(models), "sharpness": sharpness}
    return TunedNetwork(network, [model.scaled(sharpness) for model in models], named)


def out_of_fold(scores: Array, held: Sequence[Rows], task: Task, folds: Folds) -> Array:
    """[repeats, n, k] predictions in repeat 0, NaN elsewhere; as sure as the other holdouts' rows allow."""
    predictions = np.full((folds.n_repeats, len(task), task.n_outputs), np.nan)
    is_class = task.kind is Kind.CLASSIFICATION
    predictions[0] = cross_fitted(scores, task.targets, held) if is_class else scores
    return predictions


def _name(dtype: object) -> str:
    return str(dtype).removeprefix("torch.")
