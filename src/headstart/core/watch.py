"""How long work tells the person waiting where it stands, and learns that it should stop."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """Receives progress. Rooms call it; the command line draws it."""

    def stage(self, name: str, total: int = 0) -> None:
        """A new stage begins, of `total` steps (0: unknown)."""
        ...

    def advance(self, steps: int = 1) -> None:
        """Some steps of the present stage are done."""
        ...

    def best(self, what: str, score: float) -> None:
        """The best so far."""
        ...

    def say(self, line: str) -> None:
        """One line worth keeping (also goes to log.jsonl)."""
        ...

    def grant(self, seconds: float) -> None:
        """So many seconds have passed that are not the user's (a download): the limit moves."""
        ...

    @property
    def stop_requested(self) -> bool:
        """Whether the user asked to stop (Ctrl-C): finish the present piece, then return."""
        ...


class Silent:
    """A watch that nobody looks at."""

    stop_requested = False

    def stage(self, name: str, total: int = 0) -> None:
        """Nothing."""

    def advance(self, steps: int = 1) -> None:
        """Nothing."""

    def best(self, what: str, score: float) -> None:
        """Nothing."""

    def say(self, line: str) -> None:
        """Nothing."""

    def grant(self, seconds: float) -> None:
        """Nothing."""
