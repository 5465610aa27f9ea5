"""How sure the parameters are, and which of them cannot be told apart."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.stats import norm
from scipy.stats import t as student

from headstart.core.estimate import Interval
from headstart.metrics.intervals import LEVEL
from headstart.sim.identification.directions import Alike
from headstart.sim.identification.refinement import PRIOR_SD, Fit
from headstart.sim.identification.restarts import Array
from headstart.sim.identification.scale import Scale

FEWEST = 5  # trajectories; with fewer, windows are taken for independent instead
TOLD_FRAC = 0.25  # of the search range (by factors): an interval that is wider tells next to nothing


def intervals(fit: Fit, scale: Scale, vague: tuple[Alike, ...], level: float = LEVEL) -> dict[str, Interval]:
    """An interval for each parameter, within the search range.

    Two variances are at hand: that of the curvature (right if what remains is noise), and that of a bootstrap
    over trajectories in closed form (the sandwich; right if trajectories are independent, whatever remains).
    The wider one counts, with the t distribution's quantile for so few trajectories. Where `vague` directions
    say that a parameter is only told with others, or not at all, its interval holds all that they allow.
    """
    count = len(fit.score)
    curved = _curvature(fit)
    resampled = curved @ (fit.score.T @ fit.score * count / max(count - 1, 1)) @ curved
    reach = np.maximum(
        norm.ppf(0.5 + level / 2) * np.sqrt(np.diag(curved)),
        student.ppf(0.5 + level / 2, max(count - 1, 1)) * np.sqrt(np.diag(resampled)),
    )
    places = [fit.place - reach, fit.place + reach]
    for one in vague:
        places += list(one.ends(fit.place))
    low, high = scale.values(np.min(places, axis=0)), scale.values(np.max(places, axis=0))
    return {name: Interval(low[name], high[name], level) for name in scale.names}


def told(interval: Interval, name: str, scale: Scale, vague: tuple[Alike, ...]) -> bool:
    """Whether an interval says more than the search range did, and no other parameter could stand for it."""
    if any(name in dict(one.exponents) for one in vague):
        return False
    index, others = scale.names.index(name), scale.values(scale.defaults)
    low, high = (scale.place({**others, name: end})[index] for end in (interval.low, interval.high))
    return bool(high - low < TOLD_FRAC)


def likely_delays(likelihoods: Mapping[int, Array], random: np.random.Generator) -> tuple[int, int, int]:
    """(best, lowest, highest) delay: those that win at least one in forty of 1,000 bootstrap resamples of the
    trajectories.

    Args:
        random: of the resamples.
        likelihoods: delay to [trajectories] log-likelihoods of the same windows.
    """
    delays = sorted(likelihoods)
    table = np.array([likelihoods[delay] for delay in delays])
    drawn = random.integers(table.shape[1], size=(1000, table.shape[1]))
    winners = table[:, drawn].sum(2).argmax(0)
    likely = [delay for index, delay in enumerate(delays) if (winners == index).mean() >= (1 - LEVEL) / 2]
    return delays[int(table.sum(1).argmax())], min(likely), max(likely)


def _curvature(fit: Fit) -> Array:
    """[p, p] posterior covariance: what the data say, and where they say nothing the search range."""
    width = fit.information.shape[1]
    return np.asarray(np.linalg.inv(fit.information.sum(0) + np.eye(width) / PRIOR_SD**2))
