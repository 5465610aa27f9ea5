"""Sources that cannot help, or hardly: what a verdict must not be taken in by."""

from __future__ import annotations

import numpy as np
from harness import Set

FAINT = 0.03


def harmful(found: Set, seed: int) -> dict[str, dict[str, np.ndarray]]:
    """Sources that cannot help: noise, real features of other rows, networks with random weights."""
    rng = np.random.default_rng(seed)
    n = len(found.task)
    real = found.real
    out = {name: taps for name, taps in found.features.items() if name.startswith("random")}
    for index in range(2):
        out[f"noise-{index}"] = {"all": rng.normal(size=(n, 256)).astype(np.float32)}
    order = rng.permutation(n)
    for name in real[-2:]:
        out[f"permuted-{name}"] = {tap: x[order] for tap, x in found.features[name].items()}
    return out


def faint(found: Set, seed: int) -> dict[str, dict[str, np.ndarray]]:
    """Real features under noise: 3 % of the variance is theirs."""
    rng = np.random.default_rng([seed, 7])
    out = {}
    for name in found.real:
        scaled = {t: (x - x.mean(0)) / (x.std(0) + 1e-6) for t, x in found.features[name].items()}
        out[f"faint-{name}"] = {
            tap: (np.sqrt(FAINT) * x + np.sqrt(1 - FAINT) * rng.normal(size=x.shape)).astype(np.float32)
            for tap, x in scaled.items()
        }
    return out
