"""The story of `sim fit`: a policy in, the same policy or a better one for the target out, with evidence."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.run import RunRecord
from headstart.core.watch import Watch
from headstart.recipes.log import LogWatch
from headstart.recipes.policies import Found, found
from headstart.recipes.run_folder import MARK, claim, held
from headstart.recipes.sim_develop import workers
from headstart.recipes.sim_handing_back import films, hand_back
from headstart.recipes.sim_meeting import Met, meet
from headstart.recipes.sim_purse import LOOK_EPISODES, Purse, purse_for
from headstart.recipes.sim_race import SCRATCH, Arm, arms, names, race
from headstart.recipes.sim_ran import Ran, Spent, Told
from headstart.recipes.sim_recording import record
from headstart.recipes.sim_settings import SimFitSettings
from headstart.report import read_run
from headstart.report.control_page import write_control_run
from headstart.report.record import RECORD_NAME
from headstart.sim.environment import EnvironmentId
from headstart.sim.gate import Compared, rule
from headstart.sim.identification import Identification, Trajectory, gather, identify
from headstart.sim.learning.settings import LearnerSettings, settings_for
from headstart.sim.learning.team import Team
from headstart.sim.metered import Ledger, Metered, metered
from headstart.sim.policy import Policy
from headstart.sim.rollouts import episode_seeds, roll_out, transitions
from headstart.sim.strategies import STRATEGIES

LEARNERS = "learners"
FRESH_SEEDS = 5  # fresh episodes for every other learner of the two arms that are compared
LEARNING_FRAC = 0.85  # of the time limit; the rest is for looking at the end, films and the report


@dataclass(frozen=True)
class ControlRun:
    """A finished run: its record and its folder."""

    record: RunRecord
    folder: Path


def sim_fit(settings: SimFitSettings, watch: Watch) -> ControlRun:
    """Decide whether, and how, a policy is worth bringing to another environment, and hand one back.

    Raises:
        OptionError, SimulationError, SourceError, StoreError, OutputError, MachineError: what was given, or
            the machine, will not do.
    """
    started_s, began = time.monotonic(), time.time()
    target = EnvironmentId.parse(settings.environment, typed=True)
    ledger = Ledger()
    home = settings.source_environment or target.text
    given = found(settings.source, settings.store, home=home)
    purse = purse_for(settings, target)
    met = meet(given, target, ledger, seed=settings.seed, walk_steps=purse.walk_steps)
    learner = met.source.knowledge.settings or settings_for(met.source.knowledge.policy.record.action_space)
    names(settings, met.source, learner)  # a strategy that cannot be used is said before any work
    folder = claim(settings, f"{target.gym_id}".replace("/", "-"))
    if (folder / RECORD_NAME).exists():
        watch.say(f"{folder} holds a finished run; there is nothing to resume")
        return ControlRun(read_run(folder), folder)
    with held(folder), LogWatch(folder / MARK, watch, began_s=started_s) as log:
        source = brought(met, folder)
        env = metered(target, ledger)
        try:
            log.stage("the source as it is")
            seeds = episode_seeds(settings.seed, "look", LOOK_EPISODES)
            seen = transitions(source.knowledge.policy, env, seeds)
            purse.saw([len(episode["rewards"]) for episode in seen])
            beginning = tuple(float(episode["rewards"].sum()) for episode in seen)
            log.best("zero-shot", float(np.mean(beginning)))
            to_source = ledger.steps
            known = identified(settings, source, learner, env, seen, log)
            spent = Spent(to_source, ledger.steps)
            limit = settings.time_limit_s
            deadline = None if limit is None else began + LEARNING_FRAC * limit
            running = arms(settings, source, target, learner, beginning, known)
            number = workers(settings.threads, sum(len(arm.jobs) for arm in running))
            team = Team(folder / LEARNERS, number, log, deadline)
            race(running, beginning, team, log, asked=bool(settings.strategy), purse=purse, ledger=ledger)
            log.stage("fresh episodes")
            compared, best = compare(source, running, team, env, purse, settings.seed)
        finally:
            env.close()
        ruling = rule(compared, settings.margin, settings.seed)
        log.say(ruling.reason)
        log.stage("handing back")
        told = Told(beginning, spent, compared, best, ruling, known)
        ran = Ran(settings, source, target, running, told, ledger, met.findings)
        hand_back(ran, team, folder / "model")
        shown = films(ran, team, folder) if settings.films else ()
        log.stage("writing")
        made = record(ran, shown, log, started_s)
        write_control_run(folder, made)
    return ControlRun(made, folder)


def identified(
    settings: SimFitSettings,
    source: Found,
    learner: LearnerSettings,
    env: Metered,
    seen: Sequence[Mapping[str, NDArray[Any]]],
    watch: Watch,
) -> Identification | None:
    """What the target's trajectories tell of the simulator, where a strategy wants to know.

    The looks at the source as it is are used first; more are taken, disturbed, up to `settings.trajectories`.
    """
    wanted = [name for name in names(settings, source, learner) if STRATEGIES[name].in_simulator]
    if not wanted:
        return None
    watch.stage("identifying the simulator")
    more = episode_seeds(settings.seed, "identify", max(0, settings.trajectories - len(seen)))
    policy = source.knowledge.policy
    looks = [Trajectory.of(episode) for episode in seen[: settings.trajectories]]
    home = EnvironmentId.parse(policy.record.environment)
    found = identify([*looks, *gather(policy, env, more)], home, seed=settings.seed, target=env.name)
    watch.say(str(found))
    return found


def brought(met: Met, folder: Path) -> Found:
    """The source where every learner finds it: where it lies, or refitted in the run's folder."""
    if not met.was_refitted:
        return met.source
    place = folder / LEARNERS / "source"
    met.source.knowledge.save(place)
    return replace(met.source, folder=place)


def compare(
    source: Found, running: list[Arm], team: Team, env: Metered, purse: Purse, seed: int
) -> tuple[Compared, Arm | None]:
    """Fresh episodes of what could be handed back: the source, the best tuned policy, the best control.

    Of the two arms' other learners there are some too; not where the target steps are capped.
    """
    seeds = episode_seeds(seed, "fresh", purse.fresh)
    others = () if purse.is_open else seeds[:FRESH_SEEDS]
    control = next(arm for arm in running if arm.name == SCRATCH)
    tuned = [arm for arm in running if arm.name != SCRATCH and arm.alive(team)]
    best = max(tuned, key=lambda arm: arm.height, default=None)
    zero_shot = roll_out(source.knowledge.policy, env, seeds).returns
    tuned_rows = _rows(best, team, env, seeds, others) if best else []
    control_rows = _rows(control, team, env, seeds, others)
    return Compared(
        zero_shot,
        tuned_rows[0] if tuned_rows else None,
        control_rows[0] if control_rows else None,
        tuple(control_rows),
        tuple(tuned_rows),
    ), best


def _rows(
    arm: Arm, team: Team, env: Metered, seeds: tuple[int, ...], others: tuple[int, ...]
) -> list[tuple[float, ...]]:
    found = []
    for place, folder in enumerate(arm.policies(team)):
        if asked := others if place else seeds:
            found.append(roll_out(Policy.load(folder), env, asked).returns)
    return found
