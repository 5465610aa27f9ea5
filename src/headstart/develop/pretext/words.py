"""Another look at a batch of texts: some words left out (token cutoff, ConSERT, Yan et al., ACL 2021)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

LEFT_OUT = 0.15  # chance of a token; the paper's cutoff rate


def another_look(ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The same token ids [b, t] with a mask [b, t] that hides some; the first token always stays."""
    import torch

    kept = mask * (torch.rand(mask.shape) >= LEFT_OUT)
    kept[:, 0] = mask[:, 0]
    return ids, kept
