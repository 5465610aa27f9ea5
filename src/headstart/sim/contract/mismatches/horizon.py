"""Episodes of another length."""

from __future__ import annotations

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.sim.contract.mismatch import Contract, Mismatch, register


@register
class Horizon(Mismatch):
    """Returns of other lengths cannot be compared as they stand."""

    code, title, severity = "HS-C11", "Another time limit", Severity.INFO

    def __call__(self, contract: Contract) -> Finding | None:
        """Both time limits."""
        ours, theirs = contract.source.max_steps, contract.target.max_steps
        if ours == theirs:
            return None
        before, after = (f"{limit} steps" if limit else "no time limit" for limit in (ours, theirs))
        return self.finding(
            f"An episode has {before} in the source, {after} in the target.",
            "Compare returns per step, or give both the same limit (?max_episode_steps=N).",
        )
