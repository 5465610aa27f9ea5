"""A watch that also asks to stop once its time is over: for a piece of work that must not take all of it."""

from __future__ import annotations

import time

from headstart.core.watch import Watch


class Until:
    """Passes everything on to another watch; `deadline` is on the clock of `time.monotonic`."""

    def __init__(self, inner: Watch, deadline: float) -> None:
        self.inner, self.deadline = inner, deadline
        self.stage, self.advance = inner.stage, inner.advance
        self.best, self.say, self.grant = inner.best, inner.say, inner.grant

    @property
    def stop_requested(self) -> bool:
        """Whether the time is over, or the user asked to stop."""
        return time.monotonic() > self.deadline or self.inner.stop_requested
