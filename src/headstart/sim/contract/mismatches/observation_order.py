"""The same numbers in another order."""

from __future__ import annotations

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.sim.contract.mismatch import Contract, Mismatch, listed, register


@register
class ObservationOrder(Mismatch):
    """What both sides observe stands in another order in the target."""

    code, title, severity = "HS-C01", "Observations in another order", Severity.WARNING

    def __call__(self, contract: Contract) -> Finding | None:
        """Which numbers moved."""
        shared = [index for index in contract.mapping.observations if index is not None]
        if contract.mapping.impossible or shared == sorted(shared):
            return None
        theirs = [contract.source.observations[index] for index in shared]
        return self.finding(
            f"The target's order is {listed(theirs)}; fed as they are, numbers would be taken for others.",
            "Nothing: the columns of the policy's first layer are put in the target's order.",
            applied="Surgery permutes the first layer and the normalisation.",
        )
