"""Features and scores of a network at its cut, without gradients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from headstart.core.source import Network
from headstart.training.diverged import Diverged
from headstart.training.lending import wearing
from headstart.training.states import BATCH, Rows, States, autocast, in_format

if TYPE_CHECKING:
    import torch


def features(
    network: Network,
    states: States,
    rows: Rows,
    *,
    dtype: torch.dtype,
    tensors: Mapping[str, torch.Tensor] | None = None,
) -> NDArray[np.float32]:
    """[m, width] last pooled features of `rows` (averaged over their views), with `tensors` worn.

    Raises:
        Diverged: a feature is NaN or infinite.
    """
    import torch

    parts = []
    with wearing(network, tensors or {}), torch.no_grad(), autocast(network, dtype):
        for start in range(0, len(rows), BATCH):
            some = rows[start : start + BATCH]
            views = [states.gather(some, np.full_like(some, view)) for view in range(states.views)]
            seen = [network.suffix(in_format(view, dtype), states.cut).float() for view in views]
            parts.append(torch.stack(seen).mean(0).cpu().numpy())
    read = np.concatenate(parts)
    if not np.isfinite(read).all():
        raise Diverged("its features are not numbers")
    return read
