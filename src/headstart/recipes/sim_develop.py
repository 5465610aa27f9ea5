"""The story of `sim develop`: several learners, the best by fresh episodes, kept with its card."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from headstart.core.control import LearnerCurve
from headstart.core.development import KeptAs
from headstart.core.errors import NothingYet
from headstart.core.policy_development import PolicyDevelopment
from headstart.core.run import Lineage
from headstart.core.seeds import derive
from headstart.core.watch import Watch
from headstart.metrics import returns
from headstart.recipes import developed_source
from headstart.recipes.cards import as_json
from headstart.recipes.log import LogWatch
from headstart.recipes.recording import environment as installed
from headstart.recipes.run_folder import MARK, claim, held
from headstart.recipes.sim_settings import SimDevelopSettings
from headstart.recipes.storing import open_store
from headstart.report.policy_card import policy_card
from headstart.report.record import read_record, to_json
from headstart.report.whole_file import write_text
from headstart.sim import spaces
from headstart.sim.environment import EnvironmentId
from headstart.sim.learning.job import BEST, Job, Outcome
from headstart.sim.learning.knowledge import Knowledge
from headstart.sim.learning.settings import LearnerSettings, settings_for
from headstart.sim.learning.team import Team
from headstart.sim.metered import Ledger, metered
from headstart.sim.rollouts import episode_seeds, roll_out
from headstart.sources.threads import physical_cores
from headstart.store import ObjectKind
from headstart.store.layout import checked_name

RECORD_NAME = "develop.json"
LEARNERS = "learners"  # in the folder: one each
CHOOSING, HELD_OUT = 5, 10  # episodes that choose among the learners, and that nobody chose by


@dataclass(frozen=True)
class DevelopedPolicy:
    """A finished development: its record and its folder; the policy lies in the store."""

    record: PolicyDevelopment
    folder: Path


def sim_develop(settings: SimDevelopSettings, watch: Watch) -> DevelopedPolicy:
    """Develop a policy and keep the best learner's.

    Raises:
        SimulationError, MachineError: the environment cannot be used.
        StoreError, OutputError: nothing can be kept, or written, there.
        NothingYet: stopped before any learner was looked at; the store is as it was.
    """
    started_s, began = time.monotonic(), time.time()
    environment = EnvironmentId.parse(settings.environment, typed=True)
    store = open_store(settings.store)
    checked_name(settings.name)
    developed_source.ready(store)
    learner = learner_for(environment, settings.hidden)
    folder = claim(settings, settings.name)
    if (folder / RECORD_NAME).exists():
        watch.say(f"{folder} holds a finished development; there is nothing to resume")
        return DevelopedPolicy(read(folder), folder)
    with held(folder), LogWatch(folder / MARK, watch, began_s=started_s) as log:
        jobs = [_job(settings, environment, learner, index) for index in range(settings.seeds)]
        log.stage(f"learning in {environment.text}: {settings.seeds} seeds", len(jobs))
        deadline = None if settings.time_limit_s is None else began + 0.9 * settings.time_limit_s
        team = Team(folder / LEARNERS, workers(settings.threads, len(jobs)), log, deadline)
        outcomes = [one for one in team.done(jobs) if (team.place(one) / BEST).is_dir()]
        if not outcomes:
            raise NothingYet(
                "no learner came to a policy",
                where=environment.text,
                remedy=f"The reasons are in {folder / MARK}; more time: --time-limit.",
            )
        log.stage("looking at every learner")
        ledger = Ledger()
        judged = _judged(environment, [team.place(one) / BEST for one in outcomes], settings.seed, ledger)
        log.stage("keeping")
        best = int(np.argmax([np.mean(choosing) for choosing, _ in judged]))
        knowledge = Knowledge.load(team.place(outcomes[best]) / BEST)
        card = _card(settings, environment, learner, knowledge, outcomes, judged, best, ledger, started_s)
        kept = _keep(folder, store, settings.name, knowledge, card)
        record = PolicyDevelopment(
            name=settings.name,
            object=KeptAs(name=kept.name, version=kept.version, sha256=kept.sha256, bytes=kept.bytes),
            environment=environment.text,
            learners=tuple(
                LearnerCurve(seed=one.seed, points=one.curve, best_step=one.best_step, status=one.status)
                for one in outcomes
            ),
            kept_seed=outcomes[best].seed,
            score=returns.score([held_out for _, held_out in judged], settings.seed),
            kept=returns.score([judged[best][1]], settings.seed),
            steps=card["cost"]["steps"],
            violations=card["cost"]["violations"],
            wall_s=card["cost"]["wall_s"],
            lineage=Lineage(
                data={"environment": environment.text},
                sources={},
                parents=(),
                code_version=card["versions"]["headstart"],
                environment={**installed(), **card["versions"]},
                threads=1,
                seed=settings.seed,
                options=settings.model_dump(mode="json", exclude_defaults=True),
            ),
            stopped=_stopped(log, outcomes),
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        write_text(folder / RECORD_NAME, to_json(record))
        shutil.rmtree(folder / LEARNERS, ignore_errors=True)
    return DevelopedPolicy(record, folder)


def read(folder: Path) -> PolicyDevelopment:
    """The record of a finished development."""
    return read_record(
        folder, PolicyDevelopment, RECORD_NAME, verb="sim develop", noun="development", version=1
    )


def learner_for(environment: EnvironmentId, hidden: tuple[int, ...] | None) -> LearnerSettings:
    """The learner that fits the environment; opens it once, so that what is wrong is said before work."""
    env = metered(environment)
    try:
        settings = settings_for(spaces.to_json(env.action_space))
        spaces.to_json(env.observation_space)
    finally:
        env.close()
    return settings if hidden is None else settings.model_copy(update={"hidden": hidden})


def workers(threads: int, jobs: int) -> int:
    """Processes at a time."""
    return max(1, min(threads or physical_cores(), jobs))


def _job(
    settings: SimDevelopSettings, environment: EnvironmentId, learner: LearnerSettings, index: int
) -> Job:
    return Job(
        id=f"scratch-{index}",
        strategy="scratch",
        environment=environment.text,
        target=environment.text,
        settings=learner,
        steps=settings.steps,
        seed=derive(settings.seed, "learner", index),
        run_seed=settings.seed,
        typed=True,
    )


def _judged(
    environment: EnvironmentId, folders: Sequence[Path], seed: int, ledger: Ledger
) -> list[tuple[tuple[float, ...], tuple[float, ...]]]:
    """Returns of each policy on the episodes that choose, and on those that nobody chose by."""
    env = metered(environment, ledger)
    try:
        found = []
        for folder in folders:
            policy = Knowledge.load(folder).policy
            choosing = roll_out(policy, env, episode_seeds(seed, "choosing", CHOOSING)).returns
            held_out = roll_out(policy, env, episode_seeds(seed, "held out", HELD_OUT)).returns
            found.append((choosing, held_out))
        return found
    finally:
        env.close()


def _card(
    settings: SimDevelopSettings,
    environment: EnvironmentId,
    learner: LearnerSettings,
    knowledge: Knowledge,
    outcomes: Sequence[Outcome],
    judged: Sequence[tuple[tuple[float, ...], tuple[float, ...]]],
    best: int,
    ledger: Ledger,
    started_s: float,
) -> dict[str, Any]:
    """What goes with the policy wherever it goes."""
    policy = knowledge.policy
    normalisation = {part: np.float64(policy.arrays[f"norm.{part}"]).tolist() for part in ("mean", "var")}
    return as_json(
        {
            "method": "control",
            "environment": environment.text,
            "parameters": environment.kwargs,
            "observation_space": policy.record.observation_space,
            "action_space": policy.record.action_space,
            "normalisation": normalisation,
            "policy": {"family": policy.record.family, "hidden": policy.record.hidden},
            "learner": learner.model_dump(mode="json"),
            "score": returns.score([judged[best][1]], settings.seed),
            "score_over_seeds": returns.score([held for _, held in judged], settings.seed),
            "seeds": [
                {"seed": one.seed, "return": float(np.mean(held)), "best_step": one.best_step}
                for one, (_, held) in zip(outcomes, judged, strict=True)
            ],
            "experience": len(knowledge.replay.get("rewards", ())),
            "versions": policy.record.versions,
            "cost": {
                "steps": sum(one.steps + one.looked for one in outcomes) + ledger.steps,
                "violations": sum(o.violations + o.looked_violations for o in outcomes) + ledger.violations,
                "wall_s": time.monotonic() - started_s,
            },
        }
    )


def _keep(folder: Path, store: Any, name: str, knowledge: Knowledge, card: dict[str, Any]) -> Any:
    work = Path(tempfile.mkdtemp(prefix=".policy-", dir=folder))
    try:
        knowledge.save(work / "policy")
        write_text(work / "policy" / "README.md", policy_card(name, card))
        return store.add(work / "policy", name=name, kind=ObjectKind.POLICY, card=card)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _stopped(watch: Watch, outcomes: Sequence[Outcome]) -> Any:
    if watch.stop_requested:
        return "interrupt"
    return "budget" if any(one.status == "out of time" for one in outcomes) else None
