"""Every check over the same facts."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass

from headstart.core.finding import Finding, NotApplicable
from headstart.core.kinds import Severity
from headstart.inspection import checks
from headstart.inspection.check import CHECKS, Check
from headstart.inspection.facts import Facts

_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True)
class Inspection:
    """Findings, the worst first, those of loading among them; and the checks that could not speak."""

    findings: tuple[Finding, ...]
    not_applicable: tuple[NotApplicable, ...]


def every_check() -> tuple[Check, ...]:
    """The checks of all files in `headstart.inspection.checks`, in the order of their codes."""
    for module in pkgutil.iter_modules(checks.__path__):
        importlib.import_module(f"{checks.__name__}.{module.name}")
    return tuple(CHECKS[code] for code in CHECKS)


def inspect(facts: Facts) -> Inspection:
    """What all checks say about `facts`, after what loading found.

    Call it again when more is known (predictions, sources, a learning curve): the answer is then complete, it
    replaces the earlier one.
    """
    findings = list(facts.task.notes)
    not_applicable = []
    for check in every_check():
        said = check.missing(facts) or check(facts)
        if isinstance(said, NotApplicable):
            not_applicable.append(said)
        elif said is not None:
            findings.append(said)
    findings.sort(key=lambda finding: (_WORST_FIRST.index(finding.severity), finding.code))
    return Inspection(tuple(findings), tuple(not_applicable))
