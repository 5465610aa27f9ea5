"""Linear probes: one on each tap, and one over all taps of the source (after Head2Toe, Evci et al. 2022).

The multi-tap probe is a ridge on the taps' features side by side, each scaled to the same total variance,
which is the mean of their Gram matrices: it costs one more decomposition, however wide the taps are.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from headstart.training.kernel_ridge import moments, standardise
from headstart.training.probe import fit_kernel
from headstart.what.heads import LinearHead
from headstart.what.probes.base import PROBES, Looked, Probe

Array = NDArray[np.float64]


@PROBES.register("linear")
def linear(looked: Looked) -> list[Probe]:
    """One probe a tap."""
    return [_probe(looked, "linear", (tap.name,)) for tap in looked.reading.taps]


@PROBES.register("multi-tap")
def multi_tap(looked: Looked) -> list[Probe]:
    """One probe over all taps, where there are two or more."""
    taps = tuple(tap.name for tap in looked.reading.taps)
    return [_probe(looked, "multi-tap", taps)] if len(taps) > 1 else []


def _probe(looked: Looked, strategy: str, taps: tuple[str, ...]) -> Probe:
    started_s = time.perf_counter()
    kernel = np.mean([looked.gram(tap) for tap in taps], axis=0)
    fitted = fit_kernel(kernel, looked.task, looked.folds)
    read = {tap: looked.reading.features[tap] for tap in taps}
    head = primal_head(read, fitted.dual, fitted.offset, fitted.sharpness)
    candidate = looked.candidate(strategy, taps, penalty=fitted.penalty)
    return looked.probe(candidate, fitted.outer, fitted.inner, head, started_s)


def primal_head(
    features: Mapping[str, NDArray[np.float32]], dual: Array, offset: Array, sharpness: float
) -> LinearHead:
    """Weights on features from coefficients on rows: ``X^T dual``, each tap with its kernel's scale.

    `features` maps a tap's name to [n, width]; `dual` [n, k] belongs to the mean of the taps' Gram matrices.
    """
    weights = {}
    for tap, values in features.items():
        mean, inverse = moments(values)
        scaled = standardise(values, mean, inverse)
        variance = float((scaled**2).sum(dtype=np.float64)) / len(scaled)
        scale = 1.0 / (variance * len(features)) if variance > 0 else 0.0
        weights[tap] = (mean, inverse, (scaled.T @ dual * scale).astype(np.float32))
    return LinearHead(weights, np.asarray(dual.sum(0) + offset), sharpness)
