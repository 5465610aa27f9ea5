"""Does a source see what is in the examples? Asked before any label speaks, and without labels.

With few labels noise can look like knowledge: useless sources passed the gate in a tenth of the draws. But
features of a network that works are alike for examples that are alike in plain terms (words, colours,
edges), and features of one that does not work are not: over 12 data sets the kernels of real sources are
aligned with the controls' by .24 to .85, those of noise or of other rows' features by 0 (docs/LOG.md
2026-11-24). Some 30 rows are enough to tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from headstart.core.standing import Standing
from headstart.core.thinning import evenly
from headstart.training.alignment import alignment, standard_error
from headstart.training.kernel_ridge import mean_gram
from headstart.what.experience import NOTHING, Experience
from headstart.what.reading import Reading

Array = NDArray[np.float64]

LEAST_ALIGNED = 0.1  # half of the faintest real source seen, three times a source of 97 % noise
SURE_Z = 3.0  # standard errors above 0 to be believed to see
BLIND_Z = 2.0  # standard errors below LEAST_ALIGNED to be believed blind: from 30 rows on
MOST_ROWS = 256  # the standard error is .006 by then


class Sight(StrEnum):
    """Whether a source sees the content of the examples, as far as their number tells."""

    SEES = "sees"
    BLIND = "blind"
    OPEN = "open"


@dataclass(frozen=True)
class Sighted:
    """What the alignment of one source says: `aligned` in -1…1 with its standard error under chance."""

    sight: Sight
    aligned: float
    error: float


def sight(readings: Sequence[Reading], plain: Sequence[Array]) -> dict[str, Sighted]:
    """By source id: whether its features go with `plain`, the Gram matrices [n, n] of the controls.

    Of a source that is read at several sizes the best aligned counts. Nothing can be said without `plain`.
    """
    if not plain:
        return {}
    rows = evenly(len(plain[0]), MOST_ROWS)
    by_eye = np.mean([kernel[np.ix_(rows, rows)] for kernel in plain], axis=0)
    error = standard_error(len(rows))
    found: dict[str, Sighted] = {}
    for reading in readings:
        seen = mean_gram(features[rows] for features in reading.features.values())
        aligned = alignment(seen, by_eye)
        source = reading.card.id
        if source not in found or aligned > found[source].aligned:
            found[source] = Sighted(judged(aligned, error), aligned, error)
    return found


def judged(aligned: float, error: float) -> Sight:
    """The word for an alignment.

    >>> judged(0.3, 0.05).value, judged(0.01, 0.03).value, judged(0.1, 0.17).value
    ('sees', 'blind', 'open')
    """
    if aligned >= max(LEAST_ALIGNED, SURE_Z * error):
        return Sight.SEES
    return Sight.BLIND if max(aligned, 0.0) + BLIND_Z * error < LEAST_ALIGNED else Sight.OPEN


def standings(
    readings: Sequence[Reading], seen: Mapping[str, Sighted], earlier: Experience = NOTHING
) -> dict[str, Standing]:
    """What is known of every source that was read: its card, earlier runs, what it was seen to see."""
    found = {}
    for card in {reading.card.id: reading.card for reading in readings}.values():
        is_seen = card.id in seen and seen[card.id].sight is Sight.SEES
        known = card.standing is not None
        found[card.id] = Standing(earlier.share(card), known or is_seen)
    return found
