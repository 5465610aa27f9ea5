"""Contrast: among all others in the batch, a view finds the other view of its own example.

SimCLR for pictures (Chen et al., ICML 2020), SimCSE for texts (Gao et al., EMNLP 2021) with words left out
in place of dropout, as in ConSERT (Yan et al., ACL 2021): the one loop trains without dropout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from headstart.develop.pretext.method import METHODS, Method

if TYPE_CHECKING:
    import torch

TEMPERATURE = 0.2  # between SimCLR's .1 to .5 for pictures; small batches hold few hard negatives


def loss(ours: torch.Tensor, theirs: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of finding the partner among the 2 m - 1 other views (NT-Xent)."""
    import torch

    m = len(ours)
    unit = torch.nn.functional.normalize(torch.cat([ours, theirs]), dim=1)
    likeness = (unit @ unit.T / TEMPERATURE).masked_fill(torch.eye(2 * m, dtype=torch.bool), -1e9)
    partner = torch.cat([torch.arange(m, 2 * m), torch.arange(m)])
    return torch.nn.functional.cross_entropy(likeness, partner)


METHODS.add("contrast", Method("contrast", loss, width=128))
