"""Every mismatch over the same two signatures."""

from __future__ import annotations

import importlib
import pkgutil

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.sim.contract import mismatches
from headstart.sim.contract.mapping import mapping
from headstart.sim.contract.mismatch import MISMATCHES, Contract, Mismatch
from headstart.sim.contract.signature import Signature

_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def every_mismatch() -> tuple[Mismatch, ...]:
    """The mismatches of all files in `headstart.sim.contract.mismatches`, in the order of their codes."""
    for module in pkgutil.iter_modules(mismatches.__path__):
        importlib.import_module(f"{mismatches.__name__}.{module.name}")
    return tuple(MISMATCHES[code] for code in MISMATCHES)


def compare(source: Signature, target: Signature) -> tuple[Finding, ...]:
    """In what the target differs from the source, as far as a policy is concerned; the worst first."""
    contract = Contract(source, target, mapping(source, target))
    said = [found for mismatch in every_mismatch() if (found := mismatch(contract)) is not None]
    return tuple(sorted(said, key=lambda one: (_WORST_FIRST.index(one.severity), one.code)))
