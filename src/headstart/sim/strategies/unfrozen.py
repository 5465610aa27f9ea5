"""Tune from the top down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headstart.sim.strategies.strategy import STRATEGIES, Strategy

if TYPE_CHECKING:
    from headstart.sim.learning.knowledge import Knowledge
    from headstart.sim.learning.learner import Learner


class Unfrozen(Strategy):
    """Everything is loaded; the head moves first, then one layer of the trunk after the other, last first."""

    name, title = "unfreeze", "from the head downwards"
    paper = "Howard & Ruder, Universal Language Model Fine-tuning (ACL 2018)"

    def during(self, learner: Learner, source: Knowledge, share: float) -> None:
        """Release the next layer when its time has come."""
        depth = len(learner.settings.hidden)
        released = int(share * (depth + 1))
        learner.freeze(*(f"trunk.{index}" for index in range(depth - released)))


STRATEGIES.add(Unfrozen.name, Unfrozen())
