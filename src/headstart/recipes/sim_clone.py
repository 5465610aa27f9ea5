"""The story of `sim clone`: demonstrations, a policy that acts like them, and how well it does."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headstart.core.development import KeptAs
from headstart.core.estimate import Score
from headstart.core.gathering import Cloned, Imitation
from headstart.core.watch import Watch
from headstart.metrics import returns
from headstart.recipes.cards import as_json
from headstart.recipes.policies import Found
from headstart.recipes.recordings import FoundRecording, recording
from headstart.recipes.sim_meeting import meet
from headstart.recipes.storing import open_store
from headstart.report.clone_card import clone_card
from headstart.report.whole_file import write_text
from headstart.sim.environment import EnvironmentId
from headstart.sim.gathering.actors import by_chance
from headstart.sim.gathering.cloning import clone
from headstart.sim.learning.knowledge import Knowledge
from headstart.sim.metered import Ledger, metered
from headstart.sim.policy import Policy
from headstart.sim.rollouts import episode_seeds, roll_out
from headstart.sources.threads import torch_threads
from headstart.store import ObjectKind
from headstart.store.layout import checked_name

FEW = 10  # episodes; below, what is seen once is learned as a habit
WORSE_FRAC = 0.05  # of the demonstrator's return; as the margin of `sim fit`


@dataclass(frozen=True)
class Acted:
    """Returns on the same fresh episodes: of the clone, and of chance; what they cost."""

    clone: tuple[float, ...]
    chance: tuple[float, ...]
    ledger: Ledger


def sim_clone(
    demonstrations: str,
    watch: Watch,
    *,
    name: str,
    environment: str | None = None,
    episodes: int = 20,
    seed: int = 0,
    store: str | None = None,
) -> Cloned:
    """Learn from a recording, keep the policy as `name`, and score it where an `environment` is given.

    Raises:
        DataError: damaged, too few or useless demonstrations; nothing is kept then.
        SimulationError: the policy cannot act in the environment.
        StoreError: nothing can be kept under this name.
    """
    started_s = time.monotonic()
    checked_name(name)
    kept_in = open_store(store)
    target = EnvironmentId.parse(environment, typed=True) if environment is not None else None
    given = recording(demonstrations, store)
    watch.stage(f"learning from {given.recorded.steps:,} steps of {given.id}")
    with torch_threads(1):
        learned = clone(given.recorded, seed=seed)
    acted = None
    if target is not None:
        watch.stage(f"acting in {target.text}", episodes)
        acted = _acted(learned.policy, target, episodes, seed)
    said = _said(given, learned.imitation, acted, environment, seed)
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "policy"
        learned.policy.save(folder)
        card = _card(said, given, learned.policy)
        write_text(folder / "README.md", clone_card(name, card))
        kept = kept_in.add(folder, name=name, kind=ObjectKind.POLICY, card=card, parents=[given.parent])
    place = KeptAs(name=kept.name, version=kept.version, sha256=kept.sha256, bytes=kept.bytes)
    return Cloned(object=place, wall_s=time.monotonic() - started_s, **said)


def _acted(policy: Policy, target: EnvironmentId, episodes: int, seed: int) -> Acted:
    seeds, ledger = episode_seeds(seed, "clone", episodes), Ledger()
    with metered(target, ledger) as env:
        here = Found("the clone", Path(), Knowledge(policy), policy.sha256)
        fitted = meet(here, target, ledger, seed=seed).source.knowledge.policy
        ours = roll_out(fitted, env, seeds).returns
        chance = by_chance(env)
        theirs = tuple(roll_out(chance(one), env, [one]).returns[0] for one in seeds)
    return Acted(ours, theirs, ledger)


def _said(
    given: FoundRecording, imitation: Imitation, acted: Acted | None, environment: str | None, seed: int
) -> dict[str, Any]:
    recorded = given.recorded
    shown = returns.score([recorded.returns], seed) if recorded.returns else None
    said: dict[str, Any] = {
        "recording": given.id,
        "demonstrated_in": recorded.header.environment,
        "episodes": len(recorded),
        "examples": recorded.steps,
        "imitation": imitation,
        "verdict": "learned" if imitation.interval.low > 0 else "undecided",
        "environment": environment,
        "demonstrator": shown,
    }
    notes = _of_demonstrations(said, imitation)
    if acted is not None:
        ours, theirs = returns.score([acted.clone], seed), returns.score([acted.chance], seed)
        gap = returns.difference([acted.clone], [recorded.returns], seed)[0] if recorded.returns else None
        said |= {"clone": ours, "chance": theirs, "difference": gap}
        said |= {"steps": acted.ledger.steps, "violations": acted.ledger.violations}
        notes += _of_acting(ours, theirs, shown, gap)
    return said | {"notes": tuple(notes)}


def _of_demonstrations(said: dict[str, Any], imitation: Imitation) -> list[str]:
    found = []
    if said["verdict"] == "undecided":
        found.append(
            f"it is not known whether anything was learned: the skill's interval, "
            f"{imitation.interval.low:.2f} to {imitation.interval.high:.2f}, reaches 0; record more episodes"
        )
    if imitation.baseline == 0:
        found.append("the demonstrator always did the same, so acting like it shows nothing")
    if said["episodes"] < FEW:
        found.append(f"{said['episodes']} episodes are few: expect habits; {FEW} or more are better")
    if said["environment"] is None:
        found.append("it was not tried out: --env ENV lets it act and compares returns")
    return found


def _of_acting(ours: Score, chance: Score, shown: Score | None, gap: Score | None) -> list[str]:
    found = []
    if shown is not None and shown.interval.low <= chance.interval.high:
        found.append(
            f"the demonstrations are poor: {shown.estimate:.4g} is not clearly more than random actions "
            f"return ({chance.estimate:.4g})"
        )
    if ours.interval.low <= chance.interval.high:
        found.append(
            f"the clone is not clearly better than random actions ({ours.estimate:.4g} against "
            f"{chance.estimate:.4g})"
        )
    if gap is not None and shown is not None and gap.interval.high < -WORSE_FRAC * abs(shown.estimate):
        found.append(
            f"it returns less than its demonstrator ({gap.estimate:+.4g}): small mistakes lead to places "
            "that nobody demonstrated; more varied demonstrations help, or `sim fit` from here"
        )
    return found


def _card(said: dict[str, Any], given: FoundRecording, policy: Policy) -> dict[str, Any]:
    """What goes with the policy; `score` is its return where it acted."""
    record = policy.record
    own = {
        "method": "clone",
        "environment": record.environment,
        "observation_space": record.observation_space,
        "action_space": record.action_space,
        "normalisation": {part: policy.arrays[f"norm.{part}"].tolist() for part in ("mean", "var")},
        "policy": {"family": record.family, "hidden": record.hidden},
        "recorded_by": given.recorded.header.demonstrator,
        "score": said.get("clone"),
        "versions": record.versions,
    }
    return as_json(own | {"clone": said})
