"""Sources that know nothing of such examples: never trained, or blind to what is in them."""

from __future__ import annotations

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.inspection.check import Check, counted, register
from headstart.inspection.facts import Facts


@register
class UselessSource(Check):
    """Broken weights and broken preprocessing show here before they cost a label."""

    code, title, severity = "HS-S02", "A source knows nothing of these examples", Severity.WARNING
    needs = ("left_out",)

    def __call__(self, facts: Facts) -> Finding:
        """Each such source with the sign that gave it away."""
        told = " ".join(f"{source}: {why}." for source, why in facts.left_out.items())
        return self.finding(
            f"{counted(len(facts.left_out), 'source')} could not help, whatever the labels say. {told}",
            "Look whether the right weights were loaded, with the preprocessing that they were trained with; "
            "else --exclude it.",
            where=list(facts.left_out),
            applied="left out of this run",
        )
