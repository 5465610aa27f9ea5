"""Numbers that only the target gives."""

from __future__ import annotations

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.sim.contract.mismatch import Contract, Mismatch, listed, register


@register
class ExtraObservations(Mismatch):
    """The policy has never seen them."""

    code, title, severity = "HS-C03", "The target gives more observations", Severity.INFO

    def __call__(self, contract: Contract) -> Finding | None:
        """Which are new."""
        mapped = contract.mapping.observations
        new = [one for one, index in zip(contract.target.observations, mapped, strict=True) if index is None]
        if contract.mapping.impossible or not new:
            return None
        return self.finding(
            f"Only the target gives {listed(new)}.",
            "Nothing: the policy ignores them at first and learns to use them while it is tuned.",
            where=tuple(one.name for one in new),
            applied="Surgery gives them weights of zero, so that nothing changes before tuning.",
        )
