"""Bring the simulator to the target, then learn in the simulator."""

from __future__ import annotations

from headstart.sim.strategies.replayed import Replayed
from headstart.sim.strategies.strategy import STRATEGIES


class Identified(Replayed):
    """Go on learning in the simulator with the parameters and the delay that a few trajectories tell.

    A quarter of every batch is what the source saw, which learned faster there than a critic warmed up first
    (docs/LOG.md). The target is spared: it costs the trajectories, and the looks.
    """

    name, title, in_simulator = "identify", "learn in the identified simulator", True
    paper = "Hansen & Ostermeier, CMA-ES (2001); Chebotar et al., SimOpt (ICRA 2019)"


STRATEGIES.add(Identified.name, Identified())
