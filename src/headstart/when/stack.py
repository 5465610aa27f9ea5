"""Combine, don't pick: a convex mixture of candidates, its weights from held-out predictions.

Classification maximises ``sum_i c_i log sum_m w_m p_im + pull * sum_m prior_m log w_m`` by expectation
maximisation, where p_im is the probability that candidate m, fitted without row i, gave to its true label
(stacking of predictive distributions: Wolpert 1992; Yao et al. 2018). The pull towards the prior keeps
alike candidates averaged when the labels are too few to tell them apart. Regression is non-negative least
squares on the simplex (Breiman 1996) with the same pull.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from headstart.core.candidate import Candidate
from headstart.core.standing import UNKNOWN, Standing

Array = NDArray[np.float64]

ITERATIONS = 60  # EM steps; beyond 40 the mixture's log-likelihood moves by less than 1e-3
PULL = 2.0  # rows, times the square root of their number; docs/LOG.md 2026-11-23
TEMPER = 0.05  # how fast a candidate's prior falls with its own log-likelihood; docs/LOG.md 2026-11-25
CONTROL_SHARE = 0.25  # of the prior: useless sources then lean on the control; docs/LOG.md 2026-11-23
TUNED_SHARE = 1 / 3  # of a source's prior, for what was tuned from it; its probes share the rest alike


def prior_weights(candidates: Sequence[Candidate], standing: Mapping[str, Standing]) -> Array:
    """[m] prior shares: sources by their standing, controls CONTROL_SHARE; within a source its probes alike.

    Alike beats any preference among them: a probe of several taps, given half, cost .1 to .6 points at 5
    and 10 labels a class on eleven of twelve data sets (docs/LOG.md 2026-11-25).
    """
    share = np.zeros(len(candidates))
    sources = sorted({c.source for c in candidates if c.source is not None})
    known = {source: standing.get(source, UNKNOWN).share for source in sources}
    total = sum(known.values())
    controls = [i for i, c in enumerate(candidates) if c.is_control]
    for source in sources:
        mine = [i for i, c in enumerate(candidates) if c.source == source]
        tuned = [i for i in mine if candidates[i].rung > 2]
        probes = [i for i in mine if i not in tuned]
        of_tuned = TUNED_SHARE if probes else 1.0
        for part, size in ((tuned, of_tuned), (probes, 1.0 - of_tuned if tuned else 1.0)):
            share[part] = known[source] / total * size / max(len(part), 1)
    if controls:
        share *= 1.0 - CONTROL_SHARE
        share[controls] = (CONTROL_SHARE if sources else 1.0) / len(controls)
    return share


def mixture_weights(likelihood: Array, prior: Array, *, pull: float) -> Array:
    """Weights [m] of a mixture from likelihoods of the true labels [n, m]; `pull` is in rows.

    >>> mixture_weights(np.array([[0.9, 0.1], [0.8, 0.2]]), np.array([0.5, 0.5]), pull=0.0).round(2).tolist()
    [1.0, 0.0]
    """
    share = prior / prior.sum()
    weights = share.copy()
    for _ in range(ITERATIONS):
        responsibility = (1.0 / np.maximum(likelihood @ weights, 1e-300)) @ likelihood
        weights = (weights * responsibility + pull * share) / (len(likelihood) + pull)
    return np.asarray(weights)


def classification_weights(likelihood: Array, prior: Array) -> Array:
    """Weights [m] from likelihoods [n, m]: the prior is first tempered by each candidate's own evidence."""
    total = np.log(np.maximum(likelihood, 1e-12)).sum(0)
    tempered = prior * np.exp(TEMPER * (total - total.max()))
    return mixture_weights(likelihood, tempered, pull=PULL * np.sqrt(len(likelihood)))


def regression_weights(values: Array, truth: Array, prior: Array) -> Array:
    """Weights [m] >= 0 that sum to 1: least squares of values [n, m] on truth [n], pulled to the prior."""
    n, m = values.shape
    noise = float(((values - truth[:, None]) ** 2).mean(0).min()) + 1e-12
    strength = np.sqrt(PULL * np.sqrt(n) * noise * m)
    sum_to_one = 1e3 * np.sqrt(n * noise) + np.abs(truth).max(initial=1.0)
    design = np.concatenate([values, strength * np.eye(m), np.full((1, m), sum_to_one)])
    aim = np.concatenate([truth, strength * prior / prior.sum(), [sum_to_one]])
    weights, _ = nnls(design, aim)
    return np.asarray(weights / weights.sum()) if weights.sum() > 0 else prior / prior.sum()
