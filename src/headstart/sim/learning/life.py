"""One learner's whole life: begin, learn piece by piece, be looked at, keep the best, be kept itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from headstart.core.control import LearningPoint
from headstart.core.seeds import derive
from headstart.sim import spaces
from headstart.sim.environment import EnvironmentId
from headstart.sim.learning.job import BEST, LOOKS, OUTCOME, SO_FAR, UNDER_WAY, Job, Outcome, pieces, written

if TYPE_CHECKING:
    from headstart.sim.learning.knowledge import Knowledge
    from headstart.sim.metered import Ledger, Metered


def work(job: Job, folder: Path, stop: Callable[[], bool]) -> Outcome:
    """Do the job in `folder`, going on from what an earlier process kept there; the outcome is written last.

    Raises:
        SimulationError, SourceError: the environment or the source cannot be used.
    """
    from headstart.sim.learning.knowledge import Knowledge
    from headstart.sim.learning.learner import Learner
    from headstart.sim.metered import Ledger, metered
    from headstart.sim.rollouts import episode_seeds
    from headstart.sim.strategies import STRATEGIES

    began_s = time.monotonic()
    ledger, looks = Ledger(most_violations=job.most_violations), Ledger()
    strategy = STRATEGIES[job.strategy]
    source = Knowledge.load(Path(job.source)) if job.source is not None else None
    env = _opened(job, ledger)
    judge = metered(EnvironmentId.parse(job.target, typed=job.typed), looks)
    settings = (strategy.settings(source) or source.settings if source else None) or job.settings
    if settings is None:
        from headstart.sim.learning.settings import settings_for

        settings = settings_for(spaces.to_json(env.action_space))
    seen = strategy.wrapped(env, source) if source else env
    try:
        learner = Learner(seen, settings, derive(job.seed, "learner"), steps=job.steps, name=job.target)
        if source is not None and strategy.uses_source:
            strategy.begin(learner, source)
        return _Life(job, folder, learner, strategy, source, judge, ledger, looks, began_s).lived(
            stop, episode_seeds(job.run_seed, "look", job.episodes)
        )
    finally:
        env.close()
        judge.close()


def _opened(job: Job, ledger: Ledger) -> Metered:
    """Where the job learns."""
    from headstart.sim.metered import Metered, metered
    from headstart.sim.simulation import simulation

    environment = EnvironmentId.parse(job.environment, typed=job.typed)
    if not (job.parameters or job.ranges or job.delay):
        return metered(environment, ledger)
    changed = simulation(environment, job.parameters, ranges=job.ranges, delay=job.delay)
    return Metered(changed, ledger, job.environment)


class _Life:
    """A job under way."""

    def __init__(
        self,
        job: Job,
        folder: Path,
        learner: Any,
        strategy: Any,
        source: Knowledge | None,
        judge: Metered,
        ledger: Any,
        looks: Any,
        began_s: float,
    ) -> None:
        self.job, self.folder, self.learner, self.strategy, self.source = (
            job,
            folder,
            learner,
            strategy,
            source,
        )
        self.judge, self.ledger, self.looks, self.began_s = judge, ledger, looks, began_s
        self.curve: list[LearningPoint] = []
        self.best = -np.inf
        self.best_step = 0
        self.earlier_s = 0.0

    def lived(self, stop: Callable[[], bool], seeds: tuple[int, ...]) -> Outcome:
        """Piece by piece to the end, or to where it has to stop."""
        from headstart.sim.learning import keeping
        from headstart.sim.metered import TooManyViolations
        from headstart.training import sealed

        origin = sealed.origin_of(sealed.surroundings(), self.job.model_dump(mode="json"))
        kept = keeping.take_up(self.folder / UNDER_WAY, origin, self.learner)
        if kept is not None:
            self._remember(kept)
        else:
            self._look(seeds)
        status, done = "complete", 0
        cut = pieces(self.job.steps)
        per_look = len(cut) // LOOKS
        for number, steps in enumerate(cut, 1):
            done += steps
            if done <= self.learner.done_steps:
                continue
            if self.source is not None:
                self.strategy.during(self.learner, self.source, (done - steps) / self.job.steps)
            try:
                whole = self.learner.learn(done - self.learner.done_steps, stop)
            except TooManyViolations:
                status = "cap"
                break
            if not whole:
                status = "out of time"
                break
            if number % per_look == 0:
                self._look(seeds)
            keeping.keep(self.folder / UNDER_WAY, origin, self.learner, self._memory())
        if status == "cap":
            self._look(seeds)
        return self._ended(status)

    def _look(self, seeds: tuple[int, ...]) -> None:
        """Evaluate what would be handed back now; keep it if nothing before was better."""
        from headstart.sim.rollouts import roll_out

        policy = self.strategy.policy(self.learner, self.source)
        known = self.job.beginning if not self.curve else None
        returns = known or roll_out(policy, self.judge, seeds).returns
        self.curve.append(LearningPoint(step=self.learner.done_steps, returns=returns))
        mean = float(np.mean(returns))
        if mean > self.best:
            self.best, self.best_step = mean, self.learner.done_steps
            self.learner.knowledge(policy).save(self.folder / BEST)

    def _memory(self) -> dict[str, Any]:
        return {
            "curve": [point.model_dump(mode="json") for point in self.curve],
            "best": self.best,
            "best_step": self.best_step,
            "learned": [self.ledger.steps, self.ledger.violations],
            "looked": [self.looks.steps, self.looks.violations],
            "wall_s": self.earlier_s + time.monotonic() - self.began_s,
        }

    def _remember(self, kept: dict[str, Any]) -> None:
        self.curve = [LearningPoint.model_validate(point) for point in kept["curve"]]
        self.best, self.best_step, self.earlier_s = kept["best"], kept["best_step"], kept["wall_s"]
        self.ledger.steps, self.ledger.violations = kept["learned"]
        self.looks.steps, self.looks.violations = kept["looked"]

    def _ended(self, status: str) -> Outcome:
        outcome = Outcome(
            id=self.job.id,
            strategy=self.job.strategy,
            seed=self.job.seed,
            curve=tuple(self.curve),
            best_step=self.best_step,
            steps=self.ledger.steps,
            looked=self.looks.steps,
            violations=self.ledger.violations,
            looked_violations=self.looks.violations,
            wall_s=self.earlier_s + time.monotonic() - self.began_s,
            status=status,
        )
        if (self.folder / BEST).is_dir():
            self.learner.experience(self.folder / BEST)  # all that was seen, also after the best look
        written(self.folder, outcome, SO_FAR if status == "out of time" else OUTCOME)
        if status != "out of time":
            (self.folder / UNDER_WAY).unlink(missing_ok=True)
        return outcome
