"""What ``headstart sim inspect`` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headstart.cli.output import document, show_findings

if TYPE_CHECKING:
    from headstart.recipes.sim_inspect import InspectedEnvironments


def show(inspected: InspectedEnvironments, *, as_json: bool) -> None:
    """The findings, or everything as JSON."""
    if as_json:
        document(inspected)
        return
    show_findings(inspected.findings)
