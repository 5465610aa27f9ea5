"""From what flows along the spine to one feature vector per example."""

from __future__ import annotations

import torch

CLASS_TOKENS = ("cls_token", "class_token", "dist_token", "reg_token", "register_tokens")


def extra_tokens(module: torch.nn.Module) -> int:
    """How many tokens of a vision transformer stand for no patch (class, distillation, registers)."""
    own = [value for name, value in module.named_parameters() if name.rpartition(".")[2] in CLASS_TOKENS]
    return sum(value.shape[-2] if value.ndim > 1 else 1 for value in own)


def over_space(hidden: torch.Tensor, extra: int) -> torch.Tensor:
    """[b, width] float32: the mean over a map; class token and mean of the patches of a token sequence.

    `hidden` is [b, c, h, w] or [b, h, w, c] (square maps tell which), [b, tokens, c], or pooled already.
    """
    if hidden.ndim == 4:
        last = hidden.shape[1] == hidden.shape[2] != hidden.shape[3]
        return hidden.mean((1, 2) if last else (2, 3), dtype=torch.float32)
    if hidden.ndim == 3:
        patches = hidden[:, extra:].mean(1, dtype=torch.float32)
        return torch.cat([hidden[:, 0].float(), patches], dim=1) if extra else patches
    return hidden.flatten(1).float()


def over_tokens(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """[b, width] float32: the mean over the tokens that `mask` [b, t] admits (an empty text gives zeros)."""
    weights = mask.unsqueeze(-1).float()
    return (hidden.float() * weights).sum(1) / weights.sum(1).clamp(min=1.0)
