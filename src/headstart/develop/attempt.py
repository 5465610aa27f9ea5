"""What a start came to within its schedule."""

from __future__ import annotations

import math
from dataclasses import dataclass

from headstart.core.development import EpochPoint
from headstart.develop.early_stopping import Kept
from headstart.develop.problem import Problem
from headstart.develop.start import Start


@dataclass(frozen=True)
class Attempt:
    """A start, tried: the best pass with its weights, and how it went.

    Attributes:
        problem: with the rows that it could pay for.
        kept: None where not one pass was judged.
        passes: as planned; `curve` has those that were made.
        status: ``complete``, ``stopped early``, ``out of time``, or ``failed: …``.
    """

    start: Start
    problem: Problem
    kept: Kept | None
    curve: tuple[EpochPoint, ...]
    passes: int
    cost_s: float
    status: str

    @property
    def loss(self) -> float:
        """On the part to stop by; inf where there is nothing."""
        return self.kept.judgement.loss if self.kept else math.inf
