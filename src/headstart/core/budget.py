"""What a run may spend."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from headstart.core.kinds import Preset


@dataclass(frozen=True)
class Budget:
    """Preset (counts work) and an optional deadline (counts seconds from the start of the run).

    >>> Budget(Preset.FAST, time_limit_s=None).left_s()
    inf
    """

    preset: Preset = Preset.BALANCED
    time_limit_s: float | None = None
    threads: int = 0
    memory_bytes: int | None = None
    started_s: float = field(default_factory=time.monotonic)

    def spent_s(self) -> float:
        """Seconds since the run started."""
        return time.monotonic() - self.started_s

    def left_s(self) -> float:
        """Seconds left until the time limit; inf without one."""
        return float("inf") if self.time_limit_s is None else self.time_limit_s - self.spent_s()
