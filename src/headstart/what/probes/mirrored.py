"""A multi-tap probe that is fitted on the pictures and on their mirror images, and asked for pictures only.

Mirrored views are extra rows: with the same target for both, what changes between them is punished, so that
a probe learns from few labels not to lean on left and right. A picture and its mirror image lie in the same
fold, and predictions, evidence and prices are those of the plain picture alone.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from headstart.training.kernel_ridge import mean_gram
from headstart.training.probe import fit_kernel
from headstart.what.probes.base import PROBES, Looked, Probe
from headstart.what.probes.linear import primal_head


@PROBES.register("multi-tap-mirrored")
def multi_tap_mirrored(looked: Looked) -> list[Probe]:
    """One probe over all taps, where the mirrored pictures were read and there are two taps or more.

    Its strategy is the multi-tap probe's and its setting `mirrored` tells the two apart: to a combination
    both are ways of using the whole source.
    """
    started_s = time.perf_counter()
    reading = looked.reading
    if looked.mirrored is None or len(reading.taps) < 2:
        return []
    rows = {
        tap.name: np.concatenate([reading.features[tap.name], looked.mirrored[tap.name]])
        for tap in reading.taps
    }
    kernel = mean_gram(rows.values())
    fitted = fit_kernel(kernel, looked.task, looked.folds)
    head = primal_head(rows, fitted.dual, fitted.offset, fitted.sharpness)
    named = looked.candidate("multi-tap", tuple(rows), penalty=fitted.penalty, mirrored=True)
    candidate = replace(named, id=f"{named.id}+mirrored")
    return [looked.probe(candidate, fitted.outer, fitted.inner, head, started_s)]
