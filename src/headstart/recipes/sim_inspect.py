"""The story behind ``headstart sim inspect``: environments, and what is wrong with or between them."""

from __future__ import annotations

from dataclasses import dataclass

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.sim.contract import Mapping, Signature, compare, mapping, signature
from headstart.sim.environment import EnvironmentId, open_environment
from headstart.sim.soundness import soundness


@dataclass(frozen=True, slots=True)
class InspectedEnvironments:
    """What was looked at, and what was found.

    Attributes:
        signatures: what a policy relies on, of each environment that can be run.
        findings: of each environment alone, then of the two together.
        mapping: for two environments that can be run: how a policy would be refitted.
    """

    environments: tuple[str, ...]
    signatures: tuple[Signature, ...]
    findings: tuple[Finding, ...]
    mapping: Mapping | None


def inspect_environments(environment: str, target: str | None, *, seed: int) -> InspectedEnvironments:
    """Walk each environment a little, read its signature, and compare the two.

    Raises:
        SimulationError, MachineError: an environment that cannot be opened.
    """
    typed = [EnvironmentId.parse(text, typed=True) for text in (environment, target) if text is not None]
    findings: list[Finding] = []
    signatures = []
    for identity in dict.fromkeys(typed):
        found = soundness(identity, seed)
        findings += found
        if not any(one.code in ("HS-C20", "HS-C21") for one in found):
            with open_environment(identity) as env:
                signatures.append(signature(env, identity.text, seed=seed))
    between = None
    if len(signatures) == len(typed) == 2:
        findings += compare(*signatures)
        between = mapping(*signatures)
    texts = tuple(identity.text for identity in typed)
    return InspectedEnvironments(texts, tuple(signatures), tuple(_worst_first(findings)), between)


def _worst_first(findings: list[Finding]) -> list[Finding]:
    order = list(Severity)
    return sorted(findings, key=lambda one: order.index(one.severity))
