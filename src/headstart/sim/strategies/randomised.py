"""Learn in many worlds at once, so that the target is one more of them."""

from __future__ import annotations

from headstart.sim.strategies.replayed import Replayed
from headstart.sim.strategies.strategy import STRATEGIES


class Randomised(Replayed):
    """Go on learning in a simulator whose parameters are drawn anew for every episode.

    The ranges are learned from the target: as wide as those that a source is trained in, moved to where a few
    trajectories say that the target lies, and wider where they are not sure.
    """

    name, title, in_simulator = "randomise", "learn in many simulated worlds", True
    paper = "Tobin et al., Domain Randomization (IROS 2017); Muratore et al., BayRn (RA-L 2021)"


STRATEGIES.add(Randomised.name, Randomised())
