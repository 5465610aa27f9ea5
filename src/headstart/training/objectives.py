"""What a step makes small: a function of scores, features and targets of one batch."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from headstart.core.kinds import Kind

if TYPE_CHECKING:
    import torch

# (scores [b, k], features [b, d], targets [b, k]) -> a scalar
Objective = Callable[["torch.Tensor", "torch.Tensor", "torch.Tensor"], "torch.Tensor"]


# Of learning on pairs: likeness is divided by the temperature; larger batches hold more pairs, b (b - 1).
PAIRS_TEMPERATURE, PAIRS_RATE, PAIRS_BATCH = 0.1, 2e-4, 64


def cross_entropy(label_smoothing: float) -> Objective:
    """Cross-entropy with one-hot or mixed targets; smoothing spreads a share evenly over the classes."""

    def loss(scores: torch.Tensor, features: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        smooth = targets * (1.0 - label_smoothing) + label_smoothing / targets.shape[1]
        return -(smooth * scores.log_softmax(1)).sum(1).mean()

    return loss


def squared_error(scores: torch.Tensor, features: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Mean squared error of standardised values."""
    return (scores - targets).square().mean()


def supervised_contrastive(temperature: float) -> Objective:
    """Pull features of a class together, push others away (Khosla et al., NeurIPS 2020, L_out).

    All pairs of a batch at once, where SetFit (Tunstall et al. 2022) samples them. A row that is alone
    with its class in the batch takes no part.
    """

    def loss(scores: torch.Tensor, features: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        import torch

        unit = torch.nn.functional.normalize(features, dim=1)
        alike = (targets @ targets.T) > 0.5
        itself = torch.eye(len(unit), dtype=torch.bool)
        pairs = alike & ~itself
        log_share = (unit @ unit.T / temperature).masked_fill(itself, -1e9).log_softmax(1)
        count = pairs.sum(1)
        per_row = -(log_share * pairs).sum(1) / count.clamp(min=1)
        return per_row.sum() / (count > 0).sum().clamp(min=1)

    return loss


def objective_for(kind: Kind, label_smoothing: float) -> Objective:
    """The plain objective of a task."""
    return cross_entropy(label_smoothing) if kind is Kind.CLASSIFICATION else squared_error
