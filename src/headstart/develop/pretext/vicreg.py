"""VICReg (Bardes et al., ICLR 2022): views agree, every number keeps its spread, no two say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headstart.develop.pretext.method import METHODS, Method

if TYPE_CHECKING:
    import torch

INVARIANCE, VARIANCE, COVARIANCE = 25.0, 25.0, 1.0  # the paper's weights
LEAST_VARIANCE = 1e-4


def loss(ours: torch.Tensor, theirs: torch.Tensor) -> torch.Tensor:
    """The three terms of the paper, spread and covariance as the mean of both views."""
    import torch

    terms = [INVARIANCE * (ours - theirs).square().mean()]
    for view in (ours, theirs):
        centred = view - view.mean(0)
        spread = (centred.square().mean(0) + LEAST_VARIANCE).sqrt()
        terms.append(VARIANCE / 2 * torch.relu(1.0 - spread).mean())
        covariance = (centred.T @ centred / max(len(view) - 1, 1)).square()
        off = (covariance.sum() - covariance.diagonal().sum()) / view.shape[1]
        terms.append(COVARIANCE / 2 * off)
    return torch.stack(terms).sum()


METHODS.add("vicreg", Method("vicreg", loss, width=256))
