"""How sure the parameters are, and which of them cannot be told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm
from scipy.stats import t as student

from headstart.core.estimate import Interval
from headstart.metrics.intervals import LEVEL
from headstart.sim.identification.refinement import PRIOR_SD, Fit
from headstart.sim.identification.restarts import Array
from headstart.sim.identification.scale import Scale

FEWEST = 5  # trajectories; with fewer, windows are taken for independent instead
TOLD_FRAC = 0.25  # of the search range (by factors): an interval that is wider tells next to nothing
VAGUE_SD = PRIOR_SD / 2  # a direction whose standard deviation is above this was hardly learned from the data
LEAST_EXPONENT = 0.2  # of the largest in a direction; the rest is left out of its name


@dataclass(frozen=True, slots=True)
class Alike:
    """Parameters that can only be told together: multiplying each by k to its exponent changes nothing that
    these trajectories show.

    >>> str(Alike((("gravity", 1.0), ("mass", -2.0))))
    'gravity x k, mass / k^2'
    """

    exponents: tuple[tuple[str, float], ...]

    def __str__(self) -> str:
        return ", ".join(f"{name} {_power(exponent)}" for name, exponent in self.exponents)


def intervals(fit: Fit, scale: Scale, level: float = LEVEL) -> dict[str, Interval]:
    """An interval for each parameter, within the search range.

    Two variances are at hand: that of the curvature (right if what remains is noise), and that of a bootstrap
    over trajectories in closed form (the sandwich; right if trajectories are independent, whatever remains).
    The wider one counts, with the t distribution's quantile for so few trajectories.
    """
    count = len(fit.score)
    curved = _curvature(fit)
    resampled = curved @ (fit.score.T @ fit.score * count / max(count - 1, 1)) @ curved
    reach = np.maximum(
        norm.ppf(0.5 + level / 2) * np.sqrt(np.diag(curved)),
        student.ppf(0.5 + level / 2, max(count - 1, 1)) * np.sqrt(np.diag(resampled)),
    )
    low, high = scale.values(fit.place - reach), scale.values(fit.place + reach)
    return {name: Interval(low[name], high[name], level) for name in scale.names}


def told(interval: Interval, name: str, scale: Scale, confounded: tuple[Alike, ...]) -> bool:
    """Whether an interval says more than the search range did, and no other parameter could stand for it."""
    if any(name in dict(one.exponents) for one in confounded):
        return False
    index, others = scale.names.index(name), scale.values(scale.defaults)
    low, high = (scale.place({**others, name: end})[index] for end in (interval.low, interval.high))
    return bool(high - low < TOLD_FRAC)


def alike(fit: Fit, scale: Scale) -> tuple[Alike, ...]:
    """Directions that the trajectories say nothing of, the vaguest first, as exponents of the parameters."""
    by_factor = fit.information.sum(0) / np.outer(scale.widths, scale.widths)  # by the logarithms of values
    sizes, directions = np.linalg.eigh(by_factor)
    found = []
    for size, direction in zip(sizes, directions.T, strict=True):
        across = np.linalg.norm(direction / scale.widths)
        if size > 0 and across / np.sqrt(size) < VAGUE_SD:
            continue
        exponents = direction / direction[np.abs(direction).argmax()]
        smallest = np.abs(exponents[np.abs(exponents) >= LEAST_EXPONENT]).min()
        found.append(
            Alike(
                tuple(
                    (name, round(float(exponent / smallest), 1))
                    for name, exponent in zip(scale.names, exponents, strict=True)
                    if abs(exponent) >= LEAST_EXPONENT
                )
            )
        )
    return tuple(found)


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


def _power(exponent: float) -> str:
    size = abs(exponent)
    return f"{'x' if exponent > 0 else '/'} k{'' if size == 1 else f'^{size:g}'}"
