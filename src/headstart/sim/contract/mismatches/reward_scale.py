"""Rewards of another size."""

from __future__ import annotations

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.sim.contract.mismatch import Contract, Mismatch, register

FACTOR = 3.0  # times; below, critics and rates fit as they are


@register
class RewardScale(Mismatch):
    """A critic that was trained on other rewards starts wrong, and rates of learning do not fit."""

    code, title, severity = "HS-C10", "Another scale of rewards", Severity.WARNING

    def __call__(self, contract: Contract) -> Finding | None:
        """Both spreads of one step's reward under random actions."""
        ours, theirs = contract.source, contract.target
        before = max(ours.reward_spread, abs(ours.reward_mean))
        after = max(theirs.reward_spread, abs(theirs.reward_mean))
        if min(before, after) == 0 or max(before, after) < FACTOR * min(before, after):
            return None
        return self.finding(
            f"Under random actions one step's reward is {ours.reward_mean:.3g} ± {ours.reward_spread:.3g} in "
            f"the source and {theirs.reward_mean:.3g} ± {theirs.reward_spread:.3g} in the target.",
            "Keep the policy, and warm the critic up before the policy moves; or scale the target's rewards.",
        )
