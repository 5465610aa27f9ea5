"""A clock that a test turns: no real second passes, so that a busy machine changes nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Clock:
    """Stands in for the module `time`; every look at it lasts `look_s`.

    >>> clock = Clock(look_s=1.0)
    >>> clock.monotonic(), clock.sleep(5.0), clock.perf_counter()
    (1.0, None, 7.0)
    """

    now_s: float = 0.0
    look_s: float = 0.0

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.now_s += seconds

    def monotonic(self) -> float:
        """The time now, seconds."""
        self.now_s += self.look_s
        return self.now_s

    perf_counter = process_time = time = monotonic
