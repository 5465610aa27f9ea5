"""How much of a network's input size the examples fill: a text is read at its own length."""

from __future__ import annotations

import numpy as np

from headstart.core.kinds import Modality
from headstart.core.task import Inputs

SOME = 64  # texts, spread over all
CHARACTERS = 4.0  # of a token, in the mean; words of many pieces make it a little too cheap
SPECIAL = 2  # tokens that begin and end a text


def fullness(inputs: Inputs, size: int) -> float:
    """The examples' mean length over `size` (0…1); 1 for pictures, which are all brought to it."""
    if inputs.modality is not Modality.TEXT or not len(inputs):
        return 1.0
    rows = np.unique(np.linspace(0, len(inputs) - 1, SOME).astype(int)).tolist()
    tokens = [len(inputs.read(row)) / CHARACTERS + SPECIAL for row in rows]
    return float(np.minimum(tokens, size).mean() / size)
