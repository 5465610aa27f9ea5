"""How far a simulator with given parameters is from what was seen, several steps ahead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headstart.sim.identification.restarts import Array, Restart
from headstart.sim.identification.scale import Scale
from headstart.sim.identification.windows import Windows
from headstart.sim.simulators import Simulated

TYPICAL_FLOOR = 1e-6  # of the spread: what single precision leaves of an exact prediction


@dataclass
class Predictor:
    """A simulator that is set to parameters and restarted in observed states.

    Attributes:
        simulated: steps that were taken in it so far.
    """

    env: Simulated
    restart: Restart
    scale: Scale
    simulated: int = 0

    def apart(self, place: Array, windows: Windows, start: Array | None = None) -> Array:
        """[n, h, s]: seen minus predicted, with the parameters at `place`, from `start` (None: as observed);
        0 where no step took place or nothing finite came out.
        """
        self.env.set_parameters(**self.scale.values(place))
        begun = windows.start if start is None else start
        with np.errstate(all="ignore"):
            reached = self.restart.run(begun, windows.actions, windows.context)
            gap = self.restart.apart(windows.seen, reached)
        self.simulated += windows.valid.size
        return np.where(windows.valid[..., None] & np.isfinite(gap), gap, 0.0)

    def loss(self, place: Array, windows: Windows) -> float:
        """The typical error of a window: in units of the spread of observations, root mean square over steps
        and numbers, and the mean of its logarithm over windows, so that a few that a contact or a bad sensor
        spoiled count for little.
        """
        gap = self.apart(place, windows) / windows.spread
        square = (gap**2).sum((1, 2)) / (windows.valid.sum(1) * gap.shape[2])
        return float(0.5 * np.log(square + TYPICAL_FLOOR**2).mean())
