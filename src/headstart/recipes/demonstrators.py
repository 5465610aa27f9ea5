"""Who acts while something is recorded or shown: a policy, a rule, a script, or chance."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from headstart.core.errors import OptionError
from headstart.recipes.policies import found
from headstart.recipes.sim_meeting import meet
from headstart.sim import spaces
from headstart.sim.environment import EnvironmentId
from headstart.sim.gathering.actors import ByScript, by_chance, by_rule
from headstart.sim.gathering.scripts import read_script
from headstart.sim.gathering.walking import Actor
from headstart.sim.metered import Ledger, Metered
from headstart.store import Parent

SCRIPTED, RANDOM = "scripted", "random"


@dataclass(frozen=True)
class Demonstrator:
    """Who acts: in words, its policy's hash and parents where it is one."""

    words: str
    actor: Actor
    sha256: str = ""
    parents: tuple[Parent, ...] = ()


def demonstrator(
    who: str, target: EnvironmentId, env: Metered, *, script: str | None, seed: int, store: str | None
) -> Demonstrator:
    """Who acts. A policy of other spaces is refitted by name, as everywhere."""
    if script is not None and who != SCRIPTED:
        raise OptionError(
            f"--script beside '{who}'", expected="--script only with 'scripted'", remedy="Leave --script out."
        )
    if who == RANDOM:
        return Demonstrator("random actions", by_chance(env))
    if who == SCRIPTED and script is not None:
        actions = read_script(Path(script).expanduser(), spaces.to_json(env.action_space))
        return Demonstrator(f"the script {Path(script).name}", lambda _: ByScript(actions))
    if who == SCRIPTED:
        return Demonstrator("a rule by hand", by_rule(target))
    source = meet(found(who, store, home=target.text), target, Ledger(), seed=seed).source
    policy = source.knowledge.policy
    return Demonstrator(f"the policy {source.id}", lambda _: policy, policy.sha256, (source.parent,))
