"""How much of a network's input size the examples fill: a text is read at its own length."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from headstart.core.kinds import Modality
from headstart.core.task import Inputs

SOME = 64  # texts, spread over all
CHARACTERS = 4.0  # of a token, in the mean; words of many pieces make it a little too cheap
SPECIAL = 2  # tokens that begin and end a text


def token_lengths(inputs: Inputs) -> NDArray[np.float64] | None:
    """About how many tokens some of the texts have; None for pictures. Reads them: once is enough."""
    if inputs.modality is not Modality.TEXT or not len(inputs):
        return None
    rows = np.unique(np.linspace(0, len(inputs) - 1, SOME).astype(int)).tolist()
    return np.array([len(inputs.read(row)) / CHARACTERS + SPECIAL for row in rows])


def fullness(tokens: NDArray[np.float64] | None, size: int) -> float:
    """The mean length over `size` (0…1); 1 for pictures, which are all brought to it."""
    return 1.0 if tokens is None else float(np.minimum(tokens, size).mean() / size)
