"""The same observation with other limits."""

from __future__ import annotations

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.sim.contract.mismatch import Contract, Mismatch, listed, register
from headstart.sim.contract.signature import Channel

SLACK = 1e-6


@register
class ObservationLimits(Mismatch):
    """The target may show numbers that no training has seen."""

    code, title, severity = "HS-C15", "Other limits of observations", Severity.INFO

    def __call__(self, contract: Contract) -> Finding | None:
        """Which, with both limits."""
        mapping = contract.mapping
        if mapping.impossible:
            return None
        theirs, ours = contract.target.observations, contract.source.observations
        mapped = zip(theirs, mapping.observations, mapping.observation_factors, strict=True)
        wider = [one for one, index, times in mapped if index is not None and _wider(one, ours[index], times)]
        if not wider:
            return None
        return self.finding(
            f"In the target {listed(wider)} may go further than in the source.",
            "Nothing if it hardly happens; else train the source in a wider range, or tune.",
            where=tuple(one.name for one in wider),
        )


def _wider(theirs: Channel, ours: Channel, times: float) -> bool:
    low = ours.low is not None and (theirs.low is None or theirs.low * times < ours.low - SLACK)
    high = ours.high is not None and (theirs.high is None or theirs.high * times > ours.high + SLACK)
    return low or high
