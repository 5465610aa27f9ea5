"""System identification: what a simulator's parameters must be, from a few trajectories of the target.

The doors: `gather` takes the trajectories, `identify` fits the parameters and says how sure they are.
"""

from headstart.sim.identification.fitting import can_identify, identify
from headstart.sim.identification.identified import Identification
from headstart.sim.identification.trajectory import Trajectory, gather

__all__ = ["Identification", "Trajectory", "can_identify", "gather", "identify"]
