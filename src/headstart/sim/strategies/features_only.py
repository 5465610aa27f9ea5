"""Reuse what the source sees, learn anew what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headstart.sim.strategies.strategy import STRATEGIES, Strategy

if TYPE_CHECKING:
    from headstart.sim.learning.knowledge import Knowledge
    from headstart.sim.learning.learner import Learner


class FeaturesOnly(Strategy):
    """The trunk is loaded and frozen; head and critic begin from nothing."""

    name, title = "features", "frozen trunk, new head"
    begins_as_source = False
    paper = "Yosinski et al., How transferable are features (NeurIPS 2014)"

    def begin(self, learner: Learner, source: Knowledge) -> None:
        """Only the trunk is brought."""
        from headstart.sim.learning.networks import load_actor

        learner.normalise_like(source.policy)
        trunk = {name: a for name, a in source.policy.arrays.items() if name.startswith("trunk.")}
        load_actor(learner.model, trunk)
        learner.freeze(*(name.removesuffix(".weight") for name in trunk if name.endswith(".weight")))


STRATEGIES.add(FeaturesOnly.name, FeaturesOnly())
