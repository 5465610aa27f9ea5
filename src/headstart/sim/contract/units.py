"""Units that one number can be told in, and what to multiply by to go from one to the other."""

from __future__ import annotations

import math

# By what is measured: each unit in terms of the first one.
_KINDS: tuple[dict[str, float], ...] = (
    {"rad": 1.0, "deg": math.pi / 180, "turn": 2 * math.pi},
    {"rad/s": 1.0, "deg/s": math.pi / 180, "rpm": 2 * math.pi / 60},
    {"m": 1.0, "10 m": 10.0, "cm": 0.01, "mm": 0.001, "km": 1000.0, "ft": 0.3048},
    {"m/s": 1.0, "10 m/s": 10.0, "cm/s": 0.01, "km/h": 1 / 3.6, "mph": 0.44704},
    {"1/m": 1.0, "1/100 m": 0.01},
    {"N": 1.0, "kN": 1000.0},
    {"N m": 1.0, "kN m": 1000.0, "N cm": 0.01},
    {"s": 1.0, "ms": 0.001},
    {"kg": 1.0, "g": 0.001, "t": 1000.0},
)


def factor(found: str, wanted: str) -> float | None:
    """What a number in `found` is multiplied by to be in `wanted`; None where they measure different things.

    >>> round(factor("deg", "rad") * 180, 6), factor("m", "kg")
    (3.141593, None)
    """
    if found == wanted:
        return 1.0
    for kind in _KINDS:
        if found in kind and wanted in kind:
            return kind[found] / kind[wanted]
    return None
