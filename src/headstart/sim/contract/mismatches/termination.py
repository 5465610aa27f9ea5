"""Other reasons for an episode to end."""

from __future__ import annotations

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.sim.contract.mismatch import Contract, Mismatch, register


@register
class Termination(Mismatch):
    """Ending early is part of what a policy was taught to avoid, or to seek."""

    code, title, severity = "HS-C12", "Episodes end otherwise", Severity.WARNING

    def __call__(self, contract: Contract) -> Finding | None:
        """Which side ends episodes early under random actions."""
        ours, theirs = contract.source, contract.target
        if ours.terminates == theirs.terminates:
            return None
        ends, goes_on = ("source", "target") if ours.terminates else ("target", "source")
        return self.finding(
            f"Under random actions episodes of the {ends} end early; those of the {goes_on} do not.",
            "Let both end for the same reasons (such as terminate_when_unhealthy), or warm the critic up: "
            "its values count on the other ending.",
        )
