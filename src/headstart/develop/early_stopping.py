"""Early stopping: the weights of the best pass are kept, and too many passes without a better one end it.

Judged by the loss on a part that nothing is learned from (Prechelt, "Early stopping, but when?", 1998).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headstart.core.development import EpochPoint
from headstart.core.watch import Watch
from headstart.develop.problem import Judgement
from headstart.training.head import Head
from headstart.training.judging import Pass
from headstart.training.sealed import Sealed

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
    """A judge (`training.judging.Judge`) that reads the held-out part after every pass, and can be kept.

    `judge` takes the head as it is and reads the network as it is; it gives the head back that it judged by.
    `curve` holds a point for every pass.
    """

    def __init__(
        self, judge: Callable[[Head], tuple[Head, Judgement]], passes: int, watch: Watch, name: str
    ) -> None:
        self.patience = max(LEAST_PATIENCE, math.ceil(PATIENCE_FRAC * passes))
        self.best: Kept | None = None
        self.curve: list[EpochPoint] = []
        self.fired = False
        self._judge, self._watch, self._name = judge, watch, name

    def __call__(self, done: Pass) -> bool:
        """Whether to go on after this pass."""
        head, found = self._judge(done.head)
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
            self.best = Kept(copies, head, done.number, found)
            self._watch.best(f"{self._name}, epoch {done.number}", found.score)
        self._watch.advance()
        self.fired = done.number - self.best.epoch >= self.patience
        return not self.fired

    def state(self) -> Sealed:
        """The curve and the best so far, to be kept with a checkpoint of the loop."""
        import torch

        record: dict[str, Any] = {"curve": [point.model_dump() for point in self.curve], "best": None}
        tensors: dict[str, torch.Tensor] = {}
        if self.best is not None:
            head, found = self.best.head, self.best.judgement
            arrays = {"mean": head.mean, "inverse": head.inverse, "weight": head.weight, "bias": head.bias}
            tensors = {f"head/{name}": torch.tensor(part) for name, part in arrays.items()}
            tensors |= {f"moved/{name}": part for name, part in self.best.tensors.items()}
            tensors["losses"] = torch.tensor(found.losses)
            record["best"] = {"epoch": self.best.epoch, "score": found.score, "sharpness": found.sharpness}
        return Sealed(tensors, record)

    def restore(self, state: Sealed) -> None:
        """Go on from there."""
        self.curve = [EpochPoint.model_validate(point) for point in state.record["curve"]]
        best, tensors = state.record["best"], state.tensors
        if best is not None:
            parts = [tensors[f"head/{name}"].numpy() for name in ("mean", "inverse", "weight", "bias")]
            moved = {
                name.removeprefix("moved/"): part
                for name, part in tensors.items()
                if name.startswith("moved/")
            }
            judgement = Judgement(tensors["losses"].numpy(), best["score"], best["sharpness"])
            self.best = Kept(moved, Head(*parts), best["epoch"], judgement)
