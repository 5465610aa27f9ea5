"""Between source and tuned: weights on the straight line that joins them, at no further training.

WiSE-FT (Wortsman et al., Robust fine-tuning of zero-shot models, CVPR 2022): part of the way back to the
source keeps more of what the source knew, and may serve the new task as well or better. Only tensors that
tuning moved differ, so only they are mixed; low-rank adapters are multiplied out before (`low_rank`). The
head is the tuned one: what it reads has moved back, so every point is judged by its own predictions of the
rows that its fold model left out. How far back is fixed before anything is scored.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from headstart.core.candidate import Candidate
from headstart.core.source import Network
from headstart.how.fold_model import FoldModel
from headstart.how.refitting import refitted
from headstart.how.trial import Trial
from headstart.training.reading import features
from headstart.training.states import Rows, States

if TYPE_CHECKING:
    import torch

Array = NDArray[np.float64]

MARK = "/wise@"  # in the id of an interpolated candidate, before alpha


@dataclass(frozen=True)
class Between:
    """Fold models moved part of the way back, and what each predicts for the rows that it left out.

    Attributes:
        scores: [n, k] out-of-fold logits, or values.
        cost_s: seconds for it, those of the tuning among them: without that there is nothing to mix.
    """

    candidate: Candidate
    models: tuple[FoldModel, ...]
    scores: Array
    cost_s: float


def offered(trial: Trial, alphas: Sequence[float]) -> Iterator[Between]:
    """The whole trial's network at each of `alphas`; none where tuning did not begin at the source's weights.

    Raises:
        Diverged: a mixed network gives features that are not numbers.
    """
    if trial.strategy.start(trial.network, trial.settings, trial.seed):
        return  # there is no line to walk back on
    for alpha in alphas:
        began = time.monotonic()
        models = [mixed(trial.network, model, alpha) for model in trial.models]
        if trial.strategy.refits_head:
            task, pairs = trial.context.task, zip(models, trial.held, strict=True)
            models = [refitted(model, rows, task, trial.read) for model, rows in pairs]
        scores = held_scores(trial.network, trial.states, models, trial.held, trial.dtype)
        cost_s = trial.cost_s + time.monotonic() - began
        yield Between(at(trial.candidate, alpha), tuple(models), scores, cost_s)


def at(candidate: Candidate, alpha: float) -> Candidate:
    """The candidate for the same network at `alpha`."""
    settings = {**candidate.settings, "alpha": alpha}
    return replace(candidate, id=f"{candidate.id}{MARK}{alpha:g}", settings=settings)


def tuned_name(name: str) -> str:
    """The id of the tuned candidate that an interpolated one is mixed from (a tuned one's own).

    >>> tuned_name("pypi:tiny/lp_ft@0.50:128/wise@0.5")
    'pypi:tiny/lp_ft@0.50:128'
    """
    return name.partition(MARK)[0]


def mixed(network: Network, model: FoldModel, alpha: float) -> FoldModel:
    """The fold model with moved tensors ``alpha * tuned + (1 - alpha) * source``; alpha lies in 0…1."""
    return replace(model, tensors=between(network, model.tensors, alpha))


def between(network: Network, tuned: Mapping[str, torch.Tensor], alpha: float) -> dict[str, torch.Tensor]:
    """Tensors on the line from the source's (0) to the tuned ones (1); both ends are exact."""
    import torch

    source = dict(network.module.named_parameters())
    return {
        name: torch.lerp(source[name].detach().cpu().to(value.dtype), value, alpha)
        for name, value in tuned.items()
    }


def held_scores(
    network: Network,
    states: States,
    models: Sequence[FoldModel],
    held: Sequence[Rows],
    dtype: torch.dtype,
) -> Array:
    """[n, k] scores: each model predicts the rows that it left out."""
    scores = np.full((len(states), len(models[0].bias)), np.nan)
    for model, rows in zip(models, held, strict=True):
        scores[rows] = model.scores(features(network, states, rows, dtype=dtype, tensors=model.tensors))
    return scores
