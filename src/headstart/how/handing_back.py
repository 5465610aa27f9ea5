"""From fold models to one member: they vote.

Averaging their weights would cost a fifth at prediction (model soups, Wortsman et al., ICML 2022), but at
rates that learn from few labels the models do not stay in one valley: against the vote it lost 1.7, 1.8
and 16.8 points in three trials, and a test on rows that the models had seen did not tell (docs/how.md). The
frozen prefix is run once for all of them.
"""

from __future__ import annotations

from headstart.core.kinds import Kind
from headstart.how.predictor import TunedNetwork
from headstart.how.sharpness import best_sharpness
from headstart.how.trial import Trial


def handed_back(trial: Trial) -> TunedNetwork:
    """The member that a whole trial leaves, as sure of itself as its out-of-fold predictions may be."""
    task = trial.context.task
    sharpness = 1.0
    if task.kind is Kind.CLASSIFICATION:
        sharpness = best_sharpness(trial.scores, task.targets)
    config = {
        "source": str(trial.candidate.source),
        "weights_sha256": trial.network.card.weights_sha256,
        "strategy": trial.candidate.strategy,
        "cut": trial.tuning.cut,
        "size": trial.size,
        "flip": trial.settings.flip,
        "kind": str(task.kind),
        "prefix_dtype": _name(trial.context.prefix_dtype(trial.network)),
        "dtype": _name(trial.dtype),
        "n_models": len(trial.models),
    }
    return TunedNetwork(trial.network, [model.scaled(sharpness) for model in trial.models], config)


def _name(dtype: object) -> str:
    return str(dtype).removeprefix("torch.")
