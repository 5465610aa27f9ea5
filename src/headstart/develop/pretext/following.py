"""Follow a pretext while it trains: its losses, and whether the features still tell examples apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headstart.core.watch import Silent, Watch
from headstart.training.sealed import Sealed

if TYPE_CHECKING:
    import torch

    from headstart.training.objectives import Objective

COLLAPSED_FRAC = 0.02  # of the spread at the first step, relative to the features' size
AFTER_STEPS = 10  # so often in a row; one odd batch is no collapse


class Followed:
    """An objective and a watch in one: asks the loop to stop where all examples become one.

    `losses`, `spreads` have an entry per step; a spread is the features' standard deviation within a batch,
    over their size.
    """

    def __init__(self, objective: Objective, watch: Watch | None) -> None:
        self.objective, self.watch = objective, watch or Silent()
        self.losses: list[float] = []
        self.spreads: list[float] = []

    def __call__(self, scores: torch.Tensor, features: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        """The objective, noted down."""
        loss = self.objective(scores, features, wanted)
        seen = features.detach()
        size = float(seen.square().mean().sqrt())
        self.losses.append(float(loss.detach()))
        self.spreads.append(float(seen.std(0).mean()) / max(size, 1e-12))
        self.watch.advance()
        return loss

    def stage(self, name: str, total: int = 0) -> None:
        """As the watch does."""
        self.watch.stage(name, total)

    def advance(self, steps: int = 1) -> None:
        """As the watch does."""
        self.watch.advance(steps)

    def best(self, what: str, score: float) -> None:
        """As the watch does."""
        self.watch.best(what, score)

    def say(self, line: str) -> None:
        """As the watch does."""
        self.watch.say(line)

    def grant(self, seconds: float) -> None:
        """As the watch does."""
        self.watch.grant(seconds)

    def state(self) -> Sealed:
        """Losses and spreads, to be kept with a checkpoint of the loop."""
        return Sealed({}, {"losses": list(self.losses), "spreads": list(self.spreads)})

    def restore(self, state: Sealed) -> None:
        """Go on from there."""
        self.losses[:], self.spreads[:] = state.record["losses"], state.record["spreads"]

    @property
    def is_collapsed(self) -> bool:
        """Whether the last features were all alike."""
        late = self.spreads[-AFTER_STEPS:]
        return len(late) == AFTER_STEPS and max(late) < COLLAPSED_FRAC * self.spreads[0]

    @property
    def stop_requested(self) -> bool:
        """A person asked, or there is nothing left to learn from."""
        return self.watch.stop_requested or self.is_collapsed

    def curve(self, steps: int) -> tuple[float, ...]:
        """Mean loss of every whole pass of so many steps."""
        passes = len(self.losses) // steps
        return tuple(float(np.mean(self.losses[i * steps : (i + 1) * steps])) for i in range(passes))
