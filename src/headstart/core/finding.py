"""What a check has to say."""

from __future__ import annotations

from dataclasses import dataclass

from headstart.core.kinds import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One diagnosis of the data, a source or the run, with its remedy.

    Attributes:
        code: permanent, e.g. ``HS-D07`` (D data, S source, R run); never reused.
        where: places a person can open (``photos/a.jpg``, ``data.csv, row 214``), most important first.
        rows: the training rows concerned (indices into the task), so that a report can show them.
        applied: what headstart already did about it, in words; empty if nothing.
    """

    code: str
    severity: Severity
    title: str
    detail: str
    where: tuple[str, ...]
    remedy: str
    applied: str = ""
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A check that cannot speak here, because …: a result like any other."""

    code: str
    because: str
