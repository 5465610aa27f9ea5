"""What the time limit left out of a run."""

from __future__ import annotations

from typing import Literal

from headstart.core.record import Record


class Shortfall(Record):
    """A piece of work that did not fit into the time limit.

    Attributes:
        what: the candidate or the source that it is about, by its id.
        work: ``look`` (a source was not read), ``tuning`` (a candidate was not fitted, or not on every fold),
            or ``control`` (the same of the network that is trained from nothing).
        begun: whether a part of it was done before time ran short.
        needed_s: what the work, or the rest of it, was predicted to take; None: it was not timed any more.
        left_s: what was left for it then, less what was kept for better candidates, the test and writing.
    """

    what: str
    work: Literal["look", "tuning", "control"]
    begun: bool
    needed_s: float | None
    left_s: float
