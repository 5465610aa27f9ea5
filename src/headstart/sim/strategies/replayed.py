"""Go on, with the source's own experience in every batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headstart.sim.strategies.strategy import STRATEGIES, Strategy

if TYPE_CHECKING:
    from headstart.sim.learning.knowledge import Knowledge
    from headstart.sim.learning.learner import Learner

SHARE = 0.25  # of each batch: enough to hold the values in place, little enough to learn the difference


class Replayed(Strategy):
    """A set share of every batch comes from what the source saw: values of rare states stay anchored."""

    name, title = "replay", "replay of the source's experience"
    paper = "Ball et al., Efficient Online RL with Offline Data (ICML 2023)"

    def begin(self, learner: Learner, source: Knowledge) -> None:
        """Load everything, and the experience."""
        learner.inherit(source)
        if len(source.replay.get("rewards", ())):
            learner.replay.bring(source.replay, SHARE)


STRATEGIES.add(Replayed.name, Replayed())
