"""Numbers that the policy was trained on and that the target does not give."""

from __future__ import annotations

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.sim.contract.mismatch import Contract, Mismatch, listed, register


@register
class MissingObservations(Mismatch):
    """The policy would have to act without them."""

    code, title, severity = "HS-C02", "The target lacks observations", Severity.WARNING

    def __call__(self, contract: Contract) -> Finding | None:
        """Which are missing."""
        missing = contract.mapping.missing_observations
        if contract.mapping.impossible or not missing:
            return None
        lacking = [contract.source.observations[index] for index in missing]
        return self.finding(
            f"The target does not give {listed(lacking)}.",
            "Add the sensor to the target, estimate the number from others, or tune: the policy acts as if "
            "it always read its training mean there. Where the name only differs, rename it.",
            where=tuple(one.name for one in lacking),
            applied="Surgery puts the training mean in their place, folded into the first layer's bias.",
        )
