"""Where a source meets a target: what differs, and the source refitted to it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from headstart.core.errors import SimulationError
from headstart.core.finding import Finding
from headstart.recipes.policies import Found
from headstart.sim import spaces
from headstart.sim.contract import Mapping, compare, mapping, signature
from headstart.sim.contract.signature import WALK_STEPS
from headstart.sim.environment import EnvironmentId, open_environment
from headstart.sim.learning.refitting import refitted
from headstart.sim.metered import Ledger, metered


@dataclass(frozen=True)
class Met:
    """The source as it can act in the target, and what the contract says; `mapping` None: it was not read."""

    source: Found
    findings: tuple[Finding, ...]
    mapping: Mapping | None

    @property
    def was_refitted(self) -> bool:
        """Whether surgery was needed."""
        return self.mapping is not None and not self.mapping.nothing_to_do


def meet(
    source: Found, target: EnvironmentId, ledger: Ledger, *, seed: int, walk_steps: int = WALK_STEPS
) -> Met:
    """Compare the contracts; the walk in the target (random actions) is counted into `ledger`.

    Raises:
        SimulationError: the policy cannot see or act there, and surgery cannot help.
    """
    with metered(target) as env:
        seen, acts = spaces.to_json(env.observation_space), spaces.to_json(env.action_space)
    home = _home(source)
    if home is None:
        _same(source, target, seen, acts)
        return Met(source, (), None)
    with open_environment(home) as there, open_environment(target) as here:
        ours, theirs = (
            signature(env, name, seed=seed, walk_steps=walk_steps)
            for env, name in ((there, home.text), (here, target.text))
        )
    ledger.steps += walk_steps
    found = mapping(ours, theirs)
    if found.impossible:
        raise SimulationError(
            found.impossible,
            where=target.text,
            expected="a target that the policy can see and act in",
            remedy=f"`headstart sim inspect '{home.text}' '{target.text}'` says what differs.",
        )
    findings = compare(ours, theirs)
    if found.nothing_to_do:
        return Met(source, findings, found)
    known = refitted(source.knowledge, found, seen, acts)
    return Met(replace(source, knowledge=known, refitted=True), findings, found)


def _home(source: Found) -> EnvironmentId | None:
    """Where the policy comes from; None where that would need a module that nobody typed, or is not here."""
    try:
        return EnvironmentId.parse(source.knowledge.policy.record.environment)
    except SimulationError:
        return None


def _same(source: Found, target: EnvironmentId, seen: dict[str, object], acts: dict[str, object]) -> None:
    record = source.knowledge.policy.record
    for what, ours, theirs in (
        ("observations", record.observation_space, seen),
        ("actions", record.action_space, acts),
    ):
        if ours["type"] != theirs["type"] or spaces.width(ours) != spaces.width(theirs):
            raise SimulationError(
                f"{what} are {theirs['type']} of {spaces.width(theirs)}, the policy's {ours['type']} of "
                f"{spaces.width(ours)}",
                where=target.text,
                expected="the spaces that the policy was developed in, whose names are not known here",
            )
