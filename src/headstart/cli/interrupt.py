"""Ctrl-C: the first asks for the best so far, the second stops at once."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupt:
    """Whether the user pressed Ctrl-C."""

    def __init__(self, on_first: Callable[[], None]) -> None:
        self.requested = False
        self._on_first = on_first

    def press(self, signum: int = signal.SIGINT, frame: FrameType | None = None) -> None:
        """What Ctrl-C does.

        Raises:
            KeyboardInterrupt: on the second press.
        """
        if self.requested:
            raise KeyboardInterrupt
        self.requested = True
        self._on_first()


@contextmanager
def caught(on_first: Callable[[], None]) -> Iterator[Interrupt]:
    """Catch Ctrl-C (and a polite kill) inside the block; only the main thread can."""
    interrupt = Interrupt(on_first)
    if threading.current_thread() is not threading.main_thread():
        yield interrupt
        return
    signals = [signal.SIGINT] if sys.platform == "win32" else [signal.SIGINT, signal.SIGTERM]
    before = {number: signal.signal(number, interrupt.press) for number in signals}
    try:
        yield interrupt
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
