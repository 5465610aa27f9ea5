"""Bring the simulator to the target, then learn in the simulator."""

from __future__ import annotations

from headstart.sim.strategies.strategy import STRATEGIES
from headstart.sim.strategies.warm_critic import WarmCritic


class Identified(WarmCritic):
    """Go on learning in the simulator with the parameters and the delay that a few trajectories tell.

    The critic is warmed up first, as in the target. The target is spared: it costs the trajectories, and the
    looks.
    """

    name, title, in_simulator = "identify", "learn in the identified simulator", True
    paper = "Hansen & Ostermeier, CMA-ES (2001); Chebotar et al., SimOpt (ICRA 2019)"


STRATEGIES.add(Identified.name, Identified())
