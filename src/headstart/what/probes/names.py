"""Class names as a prior: where the source can read them, likeness to a name needs no label."""

from __future__ import annotations

import time

import numpy as np

from headstart.training.calibration import calibrate
from headstart.training.probe import plain_inner
from headstart.what.heads import NameHead, unit
from headstart.what.probes.base import PROBES, Looked, Probe


@PROBES.register("class-names")
def class_names(looked: Looked) -> list[Probe]:
    """One probe, where the source has read the class names (texts; names that are words)."""
    started_s = time.perf_counter()
    reading = looked.reading
    if reading.class_names is None:
        return []
    tap = reading.last.name
    names = unit(reading.class_names)
    likeness = np.asarray(unit(reading.features[tap]) @ names.T, dtype=np.float64)
    outer = np.repeat(likeness[None, None], looked.folds.n_repeats, axis=1)
    inner = plain_inner(outer, looked.folds)
    chosen = calibrate(outer, inner, looked.task.targets, looked.folds)
    head = NameHead(tap, names, chosen.sharpness)
    candidate = looked.candidate("class-names", (tap,))
    return [looked.probe(candidate, chosen.probabilities, chosen.inner, head, started_s)]


def are_words(classes: tuple[str, ...]) -> bool:
    """Whether class names may mean something to a text encoder: letters in all, not single letters.

    >>> are_words(("card arrival", "exchange_rate")), are_words(("0", "1")), are_words(("A", "B"))
    (True, False, False)
    """
    return all(sum(sign.isalpha() for sign in name) > 2 for name in classes)
