"""A check: one diagnosis, with a code that never changes. Adding one is adding one file to `checks`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from headstart.core.finding import Finding, NotApplicable
from headstart.core.kinds import Kind, Severity
from headstart.core.registry import Registry
from headstart.inspection.facts import Facts

SHOWN_PLACES = 50

# What a check may need, and why it cannot speak without it.
ABSENT = {
    "classes": "it is about classes, and the task is regression",
    "test": "there is no test data",
    "overlap": "there is no test data to compare with",
    "oof": "there are no out-of-fold predictions of sources yet; they come with the look",
    "sources": "no source is in play yet",
    "left_out": "no source was left out",
    "nuisances": "nothing is known of the files or texts but their content",
}


class Check(ABC):
    """Base of all checks; `needs` are keys of `ABSENT`."""

    code: ClassVar[str]
    title: ClassVar[str]
    severity: ClassVar[Severity]
    needs: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def __call__(self, facts: Facts) -> Finding | NotApplicable | None:
        """What the facts show: a finding, nothing, or why nothing can be said."""

    def missing(self, facts: Facts) -> NotApplicable | None:
        """The first need that `facts` do not meet."""
        for need in self.needs:
            there = facts.task.kind is Kind.CLASSIFICATION if need == "classes" else getattr(facts, need)
            if there is None or there is False or there == () or there == {}:
                return self.silent(ABSENT[need])
        return None

    def silent(self, because: str) -> NotApplicable:
        """The check cannot speak, and why."""
        return NotApplicable(self.code, because)

    def finding(
        self,
        detail: str,
        remedy: str,
        *,
        where: Sequence[str] = (),
        rows: Sequence[int] = (),
        applied: str = "",
    ) -> Finding:
        """A finding with this check's code, title and severity; `rows` are shown, most important first."""
        shown = tuple(int(row) for row in rows[:SHOWN_PLACES])
        places = tuple(where[:SHOWN_PLACES])
        return Finding(self.code, self.severity, self.title, detail, places, remedy, applied, shown)


def counted(n: int, noun: str) -> str:
    """A number with its noun.

    >>> counted(1, "group"), counted(2, "group")
    ('1 group', '2 groups')
    """
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


CHECKS: Registry[Check] = Registry("check")


def register(check: type[Check]) -> type[Check]:
    """Make a check known under its code."""
    CHECKS.add(check.code, check())
    return check
