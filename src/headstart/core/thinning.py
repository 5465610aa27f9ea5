"""A part that is spread over the whole."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def evenly(n: int, most: int) -> NDArray[np.int64]:
    """At most `most` of the indices 0 … n - 1 (n > 0), spread evenly, rising; all of them where n <= most.

    >>> evenly(10, 4).tolist(), evenly(3, 4).tolist()
    ([0, 3, 6, 9], [0, 1, 2])
    """
    return np.unique(np.linspace(0, n - 1, most).round().astype(np.int64))
