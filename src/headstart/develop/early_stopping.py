"""Early stopping: the weights of the best pass are kept, and too many passes without a better one end it.

Judged by the loss on a part that nothing is learned from (Prechelt, "Early stopping, but when?", 1998).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headstart.core.development import EpochPoint
from headstart.core.watch import Watch
from headstart.develop.problem import Judgement
from headstart.training.head import Head
from headstart.training.judging import Pass

if TYPE_CHECKING:
    import torch

# The rate falls to 0 over the passes that are planned, and the loss with it: a third of them without a better
# one is no pause but the end.
PATIENCE_FRAC = 0.34
LEAST_PATIENCE = 3  # passes


@dataclass(frozen=True)
class Kept:
    """The best so far: weights, head, and how good they are on the part to stop by."""

    tensors: Mapping[str, torch.Tensor]
    head: Head
    epoch: int
    judgement: Judgement


class EarlyStopping:
    """A judge (`training.judging.Judge`) that reads the held-out part after every pass.

    `judge` takes the head as it is and reads the network as it is; `curve` holds a point for every pass.
    """

    def __init__(self, judge: Callable[[Head], Judgement], passes: int, watch: Watch, name: str) -> None:
        self.patience = max(LEAST_PATIENCE, math.ceil(PATIENCE_FRAC * passes))
        self.best: Kept | None = None
        self.curve: list[EpochPoint] = []
        self.fired = False
        self._judge, self._watch, self._name = judge, watch, name

    def __call__(self, done: Pass) -> bool:
        """Whether to go on after this pass."""
        found = self._judge(done.head)
        self.curve.append(
            EpochPoint(
                epoch=done.number,
                train_loss=done.loss,
                held_out_loss=found.loss,
                held_out_score=found.score if math.isfinite(found.score) else None,
            )
        )
        if self.best is None or found.loss < self.best.judgement.loss:
            copies = {name: part.detach().clone() for name, part in done.moving.items()}
            self.best = Kept(copies, done.head, done.number, found)
            self._watch.best(f"{self._name}, epoch {done.number}", found.score)
        self._watch.advance()
        self.fired = done.number - self.best.epoch >= self.patience
        return not self.fired
