"""Barlow Twins (Zbontar et al., ICML 2021): two views agree number by number, and no two numbers do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headstart.develop.pretext.method import METHODS, Method

if TYPE_CHECKING:
    import torch

REDUNDANCY = 0.005  # weight of an off-diagonal correlation (the paper's)
LEAST_SPREAD = 1e-4  # keeps the gradient of a constant number finite


def loss(ours: torch.Tensor, theirs: torch.Tensor) -> torch.Tensor:
    """Distance of the cross-correlation [k, k] of two views from the identity, per number."""
    import torch

    scaled = [(x - x.mean(0)) / (x.var(0, unbiased=False) + LEAST_SPREAD).sqrt() for x in (ours, theirs)]
    correlation = scaled[0].T @ scaled[1] / len(ours)
    apart = (correlation - torch.eye(len(correlation))).square()
    agree = apart.diagonal().sum()
    return (agree + REDUNDANCY * (apart.sum() - agree)) / len(correlation)


METHODS.add("barlow-twins", Method("barlow-twins", loss, width=256))
