"""Spaces of observations and actions as plain JSON, and back: no library object is ever stored."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from headstart.core.errors import InputError, SourceError

if TYPE_CHECKING:
    import gymnasium as gym


def to_json(space: gym.Space[Any]) -> dict[str, Any]:
    """A flat box or a discrete space; an unbounded side is null.

    >>> from gymnasium import spaces
    >>> to_json(spaces.Discrete(3))
    {'type': 'discrete', 'n': 3, 'start': 0}
    >>> to_json(spaces.Box(-1, np.inf, (2,)))
    {'type': 'box', 'low': [-1.0, -1.0], 'high': [None, None]}

    Raises:
        InputError: another kind of space.
    """
    from gymnasium import spaces

    if isinstance(space, spaces.Discrete):
        return {"type": "discrete", "n": int(space.n), "start": int(space.start)}
    if isinstance(space, spaces.Box) and len(space.shape) == 1:
        return {"type": "box", "low": _bounds(space.low), "high": _bounds(space.high)}
    raise InputError(
        f"a {type(space).__name__} space of shape {space.shape}",
        expected="numbers in one row (Box) or a choice (Discrete)",
        remedy="Wrap the environment so that it gives flat observations and one action.",
    )


def from_json(record: Mapping[str, Any]) -> gym.Space[Any]:
    """The Gymnasium space that `to_json` described.

    Raises:
        SourceError: no such description.
    """
    from gymnasium import spaces

    try:
        if record["type"] == "discrete":
            return spaces.Discrete(int(record["n"]), start=int(record["start"]))
        if record["type"] == "box":
            low, high = _values(record["low"], -math.inf), _values(record["high"], math.inf)
            return spaces.Box(low, high, dtype=np.float32)
    except (KeyError, TypeError, ValueError, AssertionError) as error:
        raise SourceError(f"a space that cannot be read ({error})", expected="a box or a choice") from error
    raise SourceError(f"a space of type {record['type']!r}", expected="'box' or 'discrete'")


def width(record: Mapping[str, Any]) -> int:
    """Numbers in one observation, or outputs of a policy's last layer."""
    return int(record["n"]) if record["type"] == "discrete" else len(record["low"])


def _bounds(values: Any) -> list[float | None]:
    return [float(value) if math.isfinite(value) else None for value in values]


def _values(bounds: list[float | None], missing: float) -> Any:
    return np.array([missing if value is None else value for value in bounds], dtype=np.float32)
