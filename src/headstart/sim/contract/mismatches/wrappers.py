"""Other wrappers around the environment."""

from __future__ import annotations

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.sim.contract.mismatch import Contract, Mismatch, register


@register
class Wrappers(Mismatch):
    """Wrappers change what is seen and done."""

    code, title, severity = "HS-C14", "Other wrappers", Severity.INFO

    def __call__(self, contract: Contract) -> Finding | None:
        """Those of each side."""
        ours, theirs = contract.source.wrappers, contract.target.wrappers
        if ours == theirs:
            return None
        before, after = (", ".join(wrappers) or "none" for wrappers in (ours, theirs))
        return self.finding(
            f"Around the source: {before}; around the target: {after} (the outermost first).",
            "Nothing if the target is meant to be so; else wrap both alike.",
        )
