"""The story behind ``headstart sim inspect``: environments, and what is wrong with or between them."""

from __future__ import annotations

from dataclasses import dataclass

from headstart.core.finding import Finding
from headstart.sim.environment import EnvironmentId
from headstart.sim.soundness import soundness


@dataclass(frozen=True, slots=True)
class InspectedEnvironments:
    """What was looked at, and what was found, the worst first."""

    environments: tuple[str, ...]
    findings: tuple[Finding, ...]


def inspect_environments(environment: str, target: str | None, *, seed: int) -> InspectedEnvironments:
    """Walk each environment a little, and say what is wrong."""
    typed = [EnvironmentId.parse(text, typed=True) for text in (environment, target) if text is not None]
    findings = [finding for identity in typed for finding in soundness(identity, seed)]
    return InspectedEnvironments(tuple(identity.text for identity in typed), tuple(findings))
