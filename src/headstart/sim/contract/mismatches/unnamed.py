"""Numbers that are mapped by their place, because nobody knows their names."""

from __future__ import annotations

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.sim.contract.mismatch import Contract, Mismatch, register


@register
class Unnamed(Mismatch):
    """Equal counts are no proof of equal meaning."""

    code, title, severity = "HS-C06", "Names are not known", Severity.INFO

    def __call__(self, contract: Contract) -> Finding | None:
        """What was mapped by place."""
        source, target = contract.source, contract.target
        if contract.mapping.impossible:
            return None
        blind = [
            what
            for what, known in (
                ("observations", source.observations_named and target.observations_named),
                ("actions", source.actions_named and target.actions_named),
            )
            if not known
        ]
        same = source.observations == target.observations and source.actions == target.actions
        if not blind or (
            same and source.environment.partition("?")[0] == target.environment.partition("?")[0]
        ):
            return None
        return self.finding(
            f"The {' and '.join(blind)} have no names on both sides; they are as many, and are mapped by "
            "place.",
            "Check that they mean the same in the same order; or let the environments say observation_names "
            "and action_names.",
        )
