"""Spaces between which no policy can be carried over."""

from __future__ import annotations

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.sim.contract.mismatch import Contract, Mismatch, register


@register
class Unmappable(Mismatch):
    """No observation or action of the target can be told to be one of the source's."""

    code, title, severity = "HS-C05", "The spaces cannot be mapped", Severity.ERROR

    def __call__(self, contract: Contract) -> Finding | None:
        """Why."""
        because = contract.mapping.impossible
        if not because:
            return None
        return self.finding(
            f"{because[:1].upper()}{because[1:]}.",
            "Let both environments say their names (observation_names, action_names: a name, or a name and a "
            "unit, for each number), or wrap the target so that it has the source's spaces. Otherwise learn "
            "from scratch.",
        )
