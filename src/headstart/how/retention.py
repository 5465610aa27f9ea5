"""What a tuned network still knows of the task that its source knew, at every point back to the source.

Two questions, on rows that no head was fitted on. What would the old head, left as it is, answer from the
tuned features? And is the knowledge still there, if a new head may be fitted (Kumar et al., ICLR 2022: tuning
distorts features)? The fold models vote, as they do on the target.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.kinds import Kind
from headstart.core.task import Inputs, Task
from headstart.how.fold_model import FoldModel
from headstart.how.interpolation import between, formats
from headstart.how.predictor import TunedNetwork
from headstart.training.calibration import softmax
from headstart.training.coded import coded_targets
from headstart.training.head import Head, starting_head
from headstart.training.reading import features
from headstart.training.states import Rows, cache_prefix

Array = NDArray[np.float64]

ALPHAS = (0.0, 0.25, 0.5, 0.75, 1.0)  # of the curve: 0 the source, 1 the tuned network


@dataclass(frozen=True)
class SourceTask:
    """Labelled data of a task that a source knew: rows that heads are fitted on, and rows that are scored."""

    task: Task
    fit: Rows
    scored: Rows


@dataclass(frozen=True)
class Memory:
    """Predictions [scored rows, k] for the source task.

    Attributes:
        by_alpha: of the old head, left as it is; 0 is the source itself.
        refitted_before, refitted: of heads fitted on the source's and on the tuned features.
    """

    by_alpha: dict[float, Array]
    refitted_before: Array
    refitted: Array


def remember(member: TunedNetwork, kept: SourceTask, size: int, head: Head | None = None) -> Memory:
    """Run the source task's rows through source and tuned network, read at `size` (pixels or tokens).

    Without a `head` (its logits in the order of the task's classes) a ridge on the source's features is it.

    Raises:
        Diverged: the tuned network gives features that are not numbers.
    """
    network, task = member.network, kept.task
    coded, mean, spread = coded_targets(task, kept.fit)
    dtype, prefix_dtype = formats(member)
    states = cache_prefix(network, task.inputs, size, member.config["cut"], dtype=prefix_dtype)

    def read(rows: Rows, model: FoldModel | None = None, alpha: float = 1.0) -> NDArray[np.float32]:
        tensors = between(network, model.tensors, alpha) if model is not None else None
        return features(network, states, rows, dtype=dtype, tensors=tensors)

    def fitted(seen: NDArray[np.float32]) -> Head:
        return starting_head(seen, coded[kept.fit], task.kind)

    def answer(head: Head, seen: NDArray[np.float32]) -> Array:
        scores = head.scores(seen)
        return softmax(scores) if task.kind is Kind.CLASSIFICATION else mean + spread * scores

    plain, own = read(kept.scored), fitted(read(kept.fit))
    old = head or own

    def vote(answers: Callable[[FoldModel], Array]) -> Array:
        return np.asarray(np.mean([answers(model) for model in member.models], axis=0))

    def answered_at(alpha: float) -> Array:
        return vote(lambda model: answer(old, read(kept.scored, model, alpha)))

    by_alpha = {0.0: answer(old, plain)} | {alpha: answered_at(alpha) for alpha in ALPHAS[1:]}
    again = vote(lambda model: answer(fitted(read(kept.fit, model)), read(kept.scored, model)))
    return Memory(by_alpha, answer(own, plain), again)


def pass_s(member: TunedNetwork, inputs: Inputs, size: int) -> float:
    """Seconds that one of `inputs` takes to go once through the whole network."""
    dtype, prefix_dtype = formats(member)
    rows = np.arange(len(inputs))
    best = np.inf
    for _ in range(2):  # the first pass of a shape is slow
        began = time.monotonic()
        states = cache_prefix(member.network, inputs, size, member.config["cut"], dtype=prefix_dtype)
        features(member.network, states, rows, dtype=dtype)
        best = min(best, time.monotonic() - began)
    return best / len(inputs)
