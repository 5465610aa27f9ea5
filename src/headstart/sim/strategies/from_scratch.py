"""The control: nothing is transferred."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headstart.sim.strategies.strategy import STRATEGIES, Strategy

if TYPE_CHECKING:
    from headstart.sim.learning.knowledge import Knowledge
    from headstart.sim.learning.learner import Learner


class FromScratch(Strategy):
    """The same learner with the same settings and the same number of target steps, knowing nothing."""

    name, title, uses_source = "scratch", "learn from scratch", False

    def begin(self, learner: Learner, source: Knowledge) -> None:
        """Nothing is brought."""


STRATEGIES.add(FromScratch.name, FromScratch())
