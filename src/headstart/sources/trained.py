"""Were these weights ever trained? Answered from the weights alone.

A matrix of independent random numbers has no singular value above ``sd * (sqrt(rows) + sqrt(columns))``
but for a few per cent (Marchenko & Pastur 1967; Geman 1980); what training writes into it stands out.
Over the starter sources the median layer stands at 1.3 to 1.8 times that edge, with random weights at
.98, and no random layer above 1.05 (docs/LOG.md 2026-11-24).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from headstart.core.thinning import evenly

if TYPE_CHECKING:
    import torch

EDGE = 1.05  # times the largest singular value that chance would give
UNTRAINED_FRAC = 0.9  # of the layers looked at lie below the edge; of trained networks at most .25 did
LEAST_SIDE = 16  # smaller matrices say nothing
MOST_SIDE = 4096  # larger ones (embeddings of words) are judged by so many rows
LAYERS = 16  # spread over the network
STEPS = 20  # power iterations; the largest singular value is then right to about a per cent


def looks_untrained(module: torch.nn.Module) -> bool:
    """Whether nearly all of a network's matrices look like random numbers; False where it has none."""
    matrices = [m for m in (flat(p) for p in module.parameters()) if m is not None]
    if not matrices:
        return False
    places = evenly(len(matrices), LAYERS)
    return float(np.mean([prominence(matrices[place]) < EDGE for place in places])) >= UNTRAINED_FRAC


def flat(parameter: torch.Tensor) -> torch.Tensor | None:
    """A weight as a matrix [outputs, rest], or None where it is too small to tell."""
    if parameter.ndim < 2 or not parameter.is_floating_point():
        return None
    matrix = parameter.detach().reshape(len(parameter), -1)[:MOST_SIDE].float()
    return matrix if min(matrix.shape) >= LEAST_SIDE else None


def prominence(matrix: torch.Tensor) -> float:
    """The largest singular value of a matrix, over that of random numbers of the same spread.

    An orthogonal or constant start stands below or far above; only what lies near 1 looks random.
    """
    import torch

    spread = float(matrix.std())
    if spread == 0.0 or not math.isfinite(spread):
        return math.inf
    vector = torch.ones(matrix.shape[1], dtype=matrix.dtype) / math.sqrt(matrix.shape[1])
    vector += torch.randn(matrix.shape[1], generator=torch.Generator().manual_seed(0)) / matrix.shape[1]
    top = 0.0
    for _ in range(STEPS):
        image = matrix @ vector
        vector = matrix.T @ (image / image.norm().clamp_min(1e-30))
        top = float(vector.norm())
        vector = vector / max(top, 1e-30)
    return top / (spread * (math.sqrt(matrix.shape[0]) + math.sqrt(matrix.shape[1])))
