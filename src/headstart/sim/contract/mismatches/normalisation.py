"""One side scales its observations by running statistics, the other does not."""

from __future__ import annotations

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.sim.contract.mismatch import Contract, Mismatch, register


@register
class Normalisation(Mismatch):
    """A policy reads scaled numbers as if they were raw, or the reverse."""

    code, title, severity = "HS-C13", "Normalisation on one side only", Severity.WARNING

    def __call__(self, contract: Contract) -> Finding | None:
        """Which side."""
        ours, theirs = contract.source, contract.target
        if ours.normalised == theirs.normalised:
            return None
        has, lacks = ("source", "target") if ours.normalised else ("target", "source")
        return self.finding(
            f"The {has} is wrapped in a normalisation by running statistics, the {lacks} is not.",
            "Take the wrapper off: headstart keeps normalisation inside the policy, where it travels along.",
        )
