"""What is known of a source before the labels at hand speak."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """A source's record elsewhere, and whether it sees what is in the examples at all.

    Attributes:
        share: its part of the combinations on other tasks, as a multiple of an equal one (1: no better and
            no worse than the others, or nothing is known).
        is_sound: measured on other tasks, or seen to describe the present examples as plain features do.
    """

    share: float = 1.0
    is_sound: bool = False


UNKNOWN = Standing()
