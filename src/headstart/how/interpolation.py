"""Between source and tuned: weights on the straight line that joins them, at no further training.

WiSE-FT (Wortsman et al., Robust fine-tuning of zero-shot models, CVPR 2022): part of the way back to the
source keeps more of what the source knew. Only tensors that tuning moved differ, so only they are mixed;
low-rank adapters were multiplied out before. The head is the tuned one (fitted anew where the strategy does
so), and every point is judged by its own predictions of the rows that its fold models left out.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from headstart.core.candidate import Candidate
from headstart.core.evidence import Evidence
from headstart.core.folds import Folds
from headstart.core.source import Network
from headstart.core.task import Task
from headstart.how.handing_back import out_of_fold, voting
from headstart.how.holdouts import holdouts
from headstart.how.predictor import TunedNetwork
from headstart.how.race import Race
from headstart.how.refitting import refitted
from headstart.how.strategy import STRATEGIES
from headstart.training.reading import features
from headstart.training.states import Rows, cache_prefix

if TYPE_CHECKING:
    import torch

MARK = "/wise@"  # in the id of an interpolated candidate, before alpha


def points(
    base: Evidence, member: TunedNetwork, task: Task, folds: Folds, alphas: Sequence[float]
) -> dict[float, Race]:
    """The whole candidate `base` at each of `alphas`: a race of one, with its out-of-fold evidence.

    It costs one pass of the rows through the frozen prefix, and one through the rest for each alpha.

    Raises:
        Diverged: a mixed network gives features that are not numbers.
    """
    network, config, held = member.network, member.config, holdouts(folds, len(member.models))
    dtype, prefix_dtype = formats(member)
    flips = (False, True) if config["flip"] else (False,)
    states = cache_prefix(
        network, task.inputs, config["size"], config["cut"], dtype=prefix_dtype, flips=flips
    )

    def read(rows: Rows, tensors: Mapping[str, torch.Tensor]) -> NDArray[np.float32]:
        return features(network, states, rows, dtype=dtype, tensors=tensors)

    unsure = [model.scaled(1.0 / config["sharpness"]) for model in member.models]
    found = {}
    for alpha in alphas:
        began = time.monotonic()
        models = [replace(m, tensors=between(network, m.tensors, alpha)) for m in unsure]
        if STRATEGIES[config["strategy"]].refits_head:
            models = [refitted(model, rows, task, read) for model, rows in zip(models, held, strict=True)]
        scores = np.full((len(task), task.n_outputs), np.nan)
        for model, rows in zip(models, held, strict=True):
            scores[rows] = model.scores(read(rows, model.tensors))
        cost_s = base.cost_s + time.monotonic() - began  # without the tuning there is nothing to mix
        evidence = Evidence(at(base.candidate, alpha), out_of_fold(scores, held, task, folds), cost_s)
        mixed = voting(network, models, scores, task, config)
        found[alpha] = Race((evidence,), {evidence.candidate.id: mixed})
    return found


def at(candidate: Candidate, alpha: float) -> Candidate:
    """The candidate for the same network at `alpha`."""
    settings = {**candidate.settings, "alpha": alpha}
    return replace(candidate, id=f"{candidate.id}{MARK}{alpha:g}", settings=settings)


def between(network: Network, tuned: Mapping[str, torch.Tensor], alpha: float) -> dict[str, torch.Tensor]:
    """Tensors ``alpha * tuned + (1 - alpha) * source``; alpha lies in 0…1 and both ends are exact."""
    import torch

    source = dict(network.module.named_parameters())
    return {
        name: torch.lerp(source[name].detach().cpu().to(value.dtype), value, alpha)
        for name, value in tuned.items()
    }


def formats(member: TunedNetwork) -> tuple[torch.dtype, torch.dtype]:
    """The number formats of its tuned blocks and of its frozen prefix."""
    import torch

    return getattr(torch, member.config["dtype"]), getattr(torch, member.config["prefix_dtype"])
