"""The input size of a tuning: as asked for, as the source takes it, and for texts no longer than needed."""

from __future__ import annotations

from typing import Any

import numpy as np

from headstart.core.kinds import Modality
from headstart.core.source import Network
from headstart.core.task import Inputs

ENOUGH_FRAC = 0.95  # of the texts fit whole; the rest is cut, or one long text would set the price of all


def input_size(network: Any, inputs: Inputs, asked: int | None) -> int:
    """Side in pixels (images), or tokens to which every text is padded, at most `asked`."""
    largest = asked or network.card.input_sizes[0]
    if inputs.modality is not Modality.TEXT:
        return int(largest)
    cap = min(largest, network.card.input_sizes[0])
    return _length(network, inputs, cap)


def _length(network: Network, inputs: Inputs, cap: int) -> int:
    measure = getattr(network, "length", None)
    if measure is None:
        return cap
    lengths = np.sort([measure([inputs.read(row)], cap) for row in range(len(inputs))])
    return int(lengths[int(ENOUGH_FRAC * (len(lengths) - 1))])
