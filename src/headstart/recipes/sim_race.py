"""The race of `sim fit`: two learners of every arm first; the hopeless and those behind get no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from headstart.core.errors import OptionError, SimulationError
from headstart.core.seeds import derive
from headstart.core.watch import Watch
from headstart.recipes.policies import Found
from headstart.recipes.sim_purse import LOOK_EPISODES, Purse
from headstart.recipes.sim_settings import SimFitSettings
from headstart.sim.environment import EnvironmentId
from headstart.sim.gate import hopeless
from headstart.sim.identification import Identification, can_identify
from headstart.sim.learning.job import BEST, Job, Outcome
from headstart.sim.learning.settings import LearnerSettings
from headstart.sim.learning.team import Team
from headstart.sim.metered import Ledger
from headstart.sim.strategies import STRATEGIES

SCRATCH, NAIVE = "scratch", "naive"
DEFAULTS = (
    "identify",
    "replay",
    "warm-critic",
    "kick-start",
    "residual",
)  # what costs the target least, first
FIRST = 2  # learners of each arm before the first comparison
FINALISTS = 2  # arms that get all learners, beside the control
SIMULATED_TIMES = 2  # what costs no target steps may take longer; more is the user's time


@dataclass
class Arm:
    """A strategy, or the control, with what its learners came to. `stopped`: why it got no more of them."""

    name: str
    jobs: list[Job]
    outcomes: list[Outcome] = field(default_factory=list)
    stopped: str = ""

    def alive(self, team: Team) -> list[Outcome]:
        """Learners that left a policy."""
        return [one for one in self.outcomes if one.curve and (team.place(one) / BEST).is_dir()]

    def policies(self, team: Team) -> list[Path]:
        """What its learners would hand back, the best by the looks on the way first."""
        alive = self.alive(team)
        heights = [float(np.mean(one.kept)) for one in alive]
        return [team.place(alive[i]) / BEST for i in np.argsort(-np.array(heights), kind="stable")]

    def best_looks(self) -> list[tuple[float, ...]]:
        """Returns at the look that is kept, of each learner."""
        return [one.kept for one in self.outcomes if one.curve]

    def last_looks(self) -> list[tuple[float, ...]]:
        """Returns at the last look, of each learner."""
        return [one.curve[-1].returns for one in self.outcomes if one.curve]

    @property
    def is_simulated(self) -> bool:
        """Whether its learners learn in a simulator, so that only their looks are target steps."""
        return any(job.is_simulated for job in self.jobs)

    @property
    def target_steps(self) -> int:
        """What its learners took from the target: their looks, and what they learned from there."""
        return sum(one.looked + (0 if self.is_simulated else one.steps) for one in self.outcomes)

    @property
    def height(self) -> float:
        """Mean return of what its learners would hand back."""
        looks = self.best_looks()
        return float(np.mean([np.mean(look) for look in looks])) if looks else -np.inf


def arms(
    settings: SimFitSettings,
    source: Found,
    target: EnvironmentId,
    learner: LearnerSettings,
    beginning: tuple[float, ...] | None,
    known: Identification | None,
) -> list[Arm]:
    """The control and the strategies that were asked for, or the default ones that can be done here.

    Raises:
        OptionError: a strategy that does not exist, or cannot be used with this source.
    """
    made = []
    for name in (SCRATCH, *names(settings, source, learner)):
        indices = range(settings.seeds)
        made.append(
            Arm(name, [_job(settings, source, target, learner, beginning, known, name, i) for i in indices])
        )
    return made


def names(settings: SimFitSettings, source: Found, learner: LearnerSettings) -> list[str]:
    """The strategies to try."""
    if not settings.strategy:
        return [name for name in DEFAULTS if not _hindrance(name, source, learner)]
    for name in settings.strategy:
        if why := _hindrance(name, source, learner):
            raise OptionError(why, where=f"--strategy {name}", remedy="Name another strategy, or none.")
    return [name for name in dict.fromkeys(settings.strategy) if name != SCRATCH]


def _hindrance(name: str, source: Found, learner: LearnerSettings) -> str:
    """Why a strategy cannot be used; empty where it can."""
    strategy = STRATEGIES[name]
    if source.knowledge.policy.base is not None and name != "residual":
        return "the source is a correction on another policy; only 'residual' can go on from it"
    if learner.family not in strategy.families:
        return f"works with {' and '.join(strategy.families)}, this source is of {learner.family}"
    home = source.knowledge.policy.record.environment
    if strategy.in_simulator and source.refitted:
        return "the target is observed or commanded otherwise than the simulator, which cannot follow it then"
    if strategy.in_simulator and not _is_known(home):
        return f"no parameters are known of the simulator that the source comes from ({home})"
    return ""


def race(
    all_arms: Sequence[Arm],
    reference: tuple[float, ...] | None,
    team: Team,
    watch: Watch,
    *,
    asked: bool,
    purse: Purse,
    ledger: Ledger,
) -> None:
    """Run the jobs. Arms that were `asked` for by name get all their learners unless they are hopeless.

    A learner that the `purse` could not pay to the end, after what `ledger` and all others have taken, is
    not begun.
    """
    first = [job for index in range(FIRST) for arm in all_arms for job in arm.jobs[index : index + 1]]
    _run(all_arms, first, team, watch, purse, ledger)
    looks = max(1, len(all_arms) - 1)
    going = []
    for arm in all_arms:
        if not arm.outcomes:
            arm.stopped = f"not begun: it may take {purse.cost(arm.jobs[0]):,} target steps, fewer are left"
        elif arm.name == SCRATCH:
            going.append(arm)
        elif not arm.last_looks():
            arm.stopped = arm.outcomes[0].status
        elif reference is not None and hopeless(arm.last_looks(), reference, looks):
            arm.stopped = "stopped: surely below the source as it is"
        else:
            going.append(arm)
    if not asked:
        ranked = sorted((arm for arm in going if arm.name != SCRATCH), key=lambda arm: -arm.height)
        for arm in ranked[FINALISTS:]:
            arm.stopped = "behind after its first learners"
            going.remove(arm)
    for arm in all_arms:
        if arm.stopped:
            watch.say(f"{arm.name}: {arm.stopped}")
    later = range(FIRST, max(len(arm.jobs) for arm in all_arms))
    rest = [job for index in later for arm in going for job in arm.jobs[index : index + 1]]
    if rest:
        _run(all_arms, rest, team, watch, purse, ledger)


def _run(
    all_arms: Sequence[Arm], jobs: Sequence[Job], team: Team, watch: Watch, purse: Purse, ledger: Ledger
) -> None:
    """Do the jobs that can be paid."""
    paid = purse.afforded(jobs, ledger.steps + sum(arm.target_steps for arm in all_arms))
    if not paid:
        return
    watch.stage(f"learning: {', '.join(dict.fromkeys(job.strategy for job in paid))}", len(paid))
    for job, outcome in zip(paid, team.done(paid), strict=True):
        next(arm for arm in all_arms if arm.name == job.strategy).outcomes.append(outcome)


def _is_known(home: str) -> bool:
    """Whether the simulator's parameters are known; one that would need a module imported is not."""
    try:
        return can_identify(EnvironmentId.parse(home))
    except SimulationError:
        return False


def _job(
    settings: SimFitSettings,
    source: Found,
    target: EnvironmentId,
    learner: LearnerSettings,
    beginning: tuple[float, ...] | None,
    known: Identification | None,
    name: str,
    index: int,
) -> Job:
    strategy = STRATEGIES[name]
    home = source.knowledge.policy.record.environment
    changed: dict[str, Any] = _changed(strategy.name, known) if strategy.in_simulator and known else {}
    return Job(
        id=f"{name}-{index}",
        strategy=name,
        environment=home if changed else target.text,
        target=target.text,
        source=str(Path(source.folder).resolve()) if strategy.uses_source else None,
        settings=learner,
        steps=settings.target_steps * (SIMULATED_TIMES if changed else 1),
        seed=derive(settings.seed, "learner", index),
        run_seed=settings.seed,
        episodes=LOOK_EPISODES,
        beginning=beginning if strategy.uses_source and strategy.begins_as_source else None,
        most_violations=settings.most_violations,
        typed=True,
        **changed,
    )


def _changed(name: str, known: Identification) -> dict[str, Any]:
    """How the simulator is changed for a strategy that learns there."""
    if name == "identify":
        return {"parameters": dict(known.values), "delay": known.delay_steps}
    return {"ranges": dict(known.ranges), "delay": known.delay_steps}
