"""A mismatch: one way in which two environments differ, with a code that never changes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.core.registry import Registry
from headstart.sim.contract.mapping import Mapping
from headstart.sim.contract.signature import Channel, Signature

SHOWN = 6  # names in one sentence


@dataclass(frozen=True, slots=True)
class Contract:
    """Two signatures, and which number of the one stands behind each of the other."""

    source: Signature
    target: Signature
    mapping: Mapping


class Mismatch(ABC):
    """Base of all mismatches. Adding one is adding one file to `mismatches`."""

    code: ClassVar[str]
    title: ClassVar[str]
    severity: ClassVar[Severity]

    @abstractmethod
    def __call__(self, contract: Contract) -> Finding | None:
        """What differs, and what to do; nothing where nothing differs."""

    def finding(self, detail: str, remedy: str, *, where: Sequence[str] = (), applied: str = "") -> Finding:
        """A finding with this code, title and severity."""
        return Finding(self.code, self.severity, self.title, detail, tuple(where), remedy, applied)


MISMATCHES: Registry[Mismatch] = Registry("mismatch")


def register(mismatch: type[Mismatch]) -> type[Mismatch]:
    """Make a mismatch known under its code."""
    MISMATCHES.add(mismatch.code, mismatch())
    return mismatch


def listed(channels: Sequence[Channel]) -> str:
    """Names in one sentence.

    >>> listed([Channel(name="speed", unit="m/s"), Channel(name="gap")])
    "'speed' (m/s), 'gap'"
    """
    shown = [f"'{one.name}'" + (f" ({one.unit})" if one.unit else "") for one in channels[:SHOWN]]
    more = f" and {len(channels) - SHOWN} more" if len(channels) > SHOWN else ""
    return ", ".join(shown) + more
