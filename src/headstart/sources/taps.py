"""Which of a network's blocks are read: few enough to be cheap, spread over its depth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from headstart.core.source import Block, Tap

MOST = 6  # five along the way and the last; more add columns, not knowledge (neighbouring blocks agree)
FROM_DEPTH = 0.25  # what stands before is edges and colours, which the controls have too


def choose(blocks: Sequence[Block], widths: Sequence[int | None]) -> tuple[Tap, ...]:
    """At most MOST taps, evenly spread from FROM_DEPTH to the last block.

    >>> blocks = [Block(f"b{i}", i, 1) for i in range(12)]
    >>> [tap.block for tap in choose(blocks, [8] * 12)]
    [3, 4, 6, 8, 9, 11]
    """
    last = len(blocks) - 1
    wanted = np.unique(np.round(np.linspace(FROM_DEPTH * last, last, MOST)).astype(int))
    taps = []
    for number in wanted:
        width = widths[number]
        if width is None:
            continue
        name = "last" if number == last else blocks[number].name
        taps.append(Tap(name, int(number), (int(number) + 1) / len(blocks), width))
    return tuple(taps)
