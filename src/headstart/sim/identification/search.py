"""Where in the whole range the parameters lie: CMA-ES."""

from __future__ import annotations

import warnings

import numpy as np

from headstart.sim.identification.prediction import Predictor
from headstart.sim.identification.restarts import Array
from headstart.sim.identification.windows import Windows

WINDOWS = 100  # at most, for the search; the refinement afterwards uses all
FIRST_STEP = 0.25  # of the range: a second of it on either side is looked at from the start
LOOKED_AT = 40  # candidates for each parameter
CLOSE = 2e-3  # of the range: nearer than this the refinement finds its way


def search(predictor: Predictor, windows: Windows, seed: int) -> Array:
    """The best place of a covariance matrix adaptation (Hansen & Ostermeier, 2001) on the cube of `Scale`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of plots that nobody draws
        import cma

    few, first = windows.some(WINDOWS), predictor.scale.defaults
    tried: list[Array] = [first]
    losses = [predictor.loss(first, few)]
    if len(first) == 1:  # the library wants two at least; a row of places is as good
        for place in np.linspace(0, 1, LOOKED_AT)[:, None]:
            tried.append(place)
            losses.append(predictor.loss(place, few))
    else:
        options = {
            "bounds": [0, 1],
            "seed": seed % (2**31 - 1) + 1,  # 0 would mean the clock
            "verbose": -9,
            "tolx": CLOSE,
            "tolfun": 1e-3,
            "maxfevals": LOOKED_AT * len(first) + 40,
        }
        strategy = cma.CMAEvolutionStrategy(first.tolist(), FIRST_STEP, options)
        while not strategy.stop():
            places = strategy.ask()
            found = [predictor.loss(place, few) for place in places]
            strategy.tell(places, found)
            tried += [np.asarray(place) for place in places]
            losses += found
    return tried[int(np.argmin(losses))]
