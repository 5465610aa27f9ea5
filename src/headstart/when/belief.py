"""What to believe of a gain: what the examples measured, in the light of what other tasks say.

A few labels measure a gain to within 10 or 20 points, and a textbook interval around that leaves open what
nobody who has transferred before would think possible. What is known before the labels speak
(docs/design/0006) is said here as a distribution of one number, the share of the control's errors that
transfer takes away:

- sources that see what is in the examples, beside a control that they can lean on, take away some share
  between none and all, every share as likely as another; now and then (IDLE) they do next to nothing,
  for good or ill;
- sources that could not be shown to see do next to nothing, for good or ill.

The interval and the probability of a gain come from that prior and the measured gain's likelihood (Student's
t with its Nadeau-Bengio standard error), on a grid: one belief, so that the two never contradict each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm
from scipy.stats import t as student

from headstart.core.estimate import Interval
from headstart.metrics.intervals import LEVEL

Array = NDArray[np.float64]

IDLE = 0.1  # of sound sources; of .05 to .2 all cover alike, docs/LOG.md 2026-11-25
NEXT_TO_NOTHING = 0.1  # standard deviation, in shares of the control's errors; same place
UNSURE = 0.15  # the same, of sources that nothing is known about
GRID = np.linspace(-1.0, 1.0, 4001)  # share of the control's errors taken away; below 0, added
LEAST_PROBABILITY = 0.01


@dataclass(frozen=True)
class Belief:
    """The 90 % interval of a gain, its middle (median), and the probability that it is above 0."""

    interval: Interval
    middle: float
    probability: float


NOTHING_TO_TRANSFER = Belief(Interval(0.0, 0.0, LEVEL), 0.0, LEAST_PROBABILITY)


def believe(gain: float, spread: float, rows: int, *, room: float, is_sound: bool) -> Belief:
    """Join a measured gain with the prior.

    Args:
        gain: in the metric's unit; the interval always holds it, whatever the prior thinks of it.
        spread: its standard error (> 0; infinite where nothing was measured).
        rows: examples that it was measured on.
        room: the best possible score minus the control's (> 0): what there is to gain.
        is_sound: whether the sources are known to see what is in the examples.

    >>> few = believe(0.10, 0.08, 30, room=0.4, is_sound=True)
    >>> round(few.interval.low, 2), round(few.interval.high, 2), round(few.probability, 2)
    (0.01, 0.24, 0.97)
    >>> nothing = believe(0.00, 0.01, 500, room=0.4, is_sound=False)
    >>> round(nothing.interval.high, 3), round(nothing.probability, 2)
    (0.016, 0.5)
    """
    log_likelihood = student.logpdf((gain - GRID * room) / spread, max(rows - 1, 1))
    mass = prior(is_sound) * np.exp(log_likelihood - log_likelihood.max())
    reached = np.cumsum(mass) - mass / 2
    reached /= mass.sum()
    tail = (1.0 - LEVEL) / 2
    low, middle, high = (room * float(np.interp(at, reached, GRID)) for at in (tail, 0.5, 1.0 - tail))
    above = float(1.0 - np.interp(0.0, GRID, reached))
    return Belief(
        Interval(min(low, gain), max(high, gain), LEVEL),
        middle,
        float(np.clip(above, LEAST_PROBABILITY, 1.0 - LEAST_PROBABILITY)),
    )


def smallest_shown(spread: float, rows: int, *, room: float, is_sound: bool) -> float:
    """The smallest measured gain whose whole interval would lie above 0 (arguments as in `believe`).

    >>> round(smallest_shown(0.08, 30, room=0.4, is_sound=True), 3)
    0.074
    """
    low, high = 0.0, room + 4.0 * spread
    while high - low > spread / 200:
        middle = (low + high) / 2
        shown = believe(middle, spread, rows, room=room, is_sound=is_sound).interval.low > 0
        low, high = (low, middle) if shown else (middle, high)
    return high


def prior(is_sound: bool) -> Array:
    """[grid] weight of each share of the control's errors before the labels speak; sums to 1."""
    if not is_sound:
        return _shares(norm.pdf(GRID, 0.0, UNSURE))
    some, nothing = _shares(GRID >= 0.0), _shares(norm.pdf(GRID, 0.0, NEXT_TO_NOTHING))
    return (1.0 - IDLE) * some + IDLE * nothing


def _shares(weights: NDArray[np.generic]) -> Array:
    return np.asarray(weights / np.sum(weights), dtype=np.float64)
