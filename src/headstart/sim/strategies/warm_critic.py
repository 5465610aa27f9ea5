"""First let the critic learn what the target is like, then let the actor move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headstart.sim.learning.settings import LearnerSettings
from headstart.sim.strategies.strategy import STRATEGIES, Strategy

if TYPE_CHECKING:
    from headstart.sim.learning.knowledge import Knowledge
    from headstart.sim.learning.learner import Learner

WARM_FRAC = 0.25  # of the steps; the pilot's figure, docs/LOG.md


class WarmCritic(Strategy):
    """The actor acts but does not move for a quarter of the steps, while the critic learns twice as fast.

    With choices (DQN) the values are the actor: the source goes on choosing until they have been learned.
    """

    name, title = "warm-critic", "critic first, then the actor"
    paper = "after Nakamoto et al., Cal-QL (NeurIPS 2023) and Zhou et al., WSRL (ICLR 2025)"

    def settings(self, source: Knowledge) -> LearnerSettings | None:
        """The source's, with layer normalisation in the critic."""
        own = source.settings
        return own.model_copy(update={"critic_norm": True}) if own is not None else None

    def during(self, learner: Learner, source: Knowledge, share: float) -> None:
        """Hold the actor, later release it."""
        hold_actor(learner, source, share < WARM_FRAC)


def hold_actor(learner: Learner, source: Knowledge, hold: bool) -> None:
    """Hold what acts and let only values be learned, or release it."""
    from headstart.sim.learning.networks import as_torch, named_layers

    if learner.settings.family == "dqn":
        learner.follow(as_torch(source.policy) if hold else None)
        return
    learner.freeze(*(named_layers(learner.model) if hold else ()))
    learner.hold_temperature(hold)
    learner.pace(2 if hold else 1)


STRATEGIES.add(WarmCritic.name, WarmCritic())
