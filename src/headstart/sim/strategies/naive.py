"""The baseline that everybody tries first."""

from __future__ import annotations

from headstart.sim.strategies.strategy import STRATEGIES, Strategy


class Naive(Strategy):
    """Load and go on learning.

    The critic's values are of another environment and drag the actor away before they are right: half of
    such runs end below where they began, so this is here to be compared with.
    """

    name, title = "naive", "load and continue"


STRATEGIES.add(Naive.name, Naive())
