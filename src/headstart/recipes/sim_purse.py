"""The purse of target steps: with `--total-steps`, nothing is begun that it could not pay to the end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from headstart.core.errors import OptionError
from headstart.recipes.sim_settings import SimFitSettings
from headstart.sim.contract.signature import WALK_STEPS
from headstart.sim.environment import EnvironmentId
from headstart.sim.learning.job import LOOKS, Job
from headstart.sim.metered import metered

LOOK_EPISODES = 3  # of a policy, each time it is looked at on the way
FRESH = 10  # episodes of each policy that could be handed back; nobody chose anything by them
FEWEST_FRESH = 3
COMPARED = 3  # policies that could be handed back: the source, the best tuned, the best control
GATE_FRAC = 0.2  # of a purse, at most, for the gate's fresh episodes
WALK_FRAC = 0.05  # of a purse, at most, for the walk that reads the contract
LEARNER_FRAC = 0.2  # of what one learner may take; a walk that is long beside it is waste
SHORTEST_WALK = 200  # steps, in which most environments show how they end


@dataclass
class Purse:
    """Target steps of a run. Without a `total` there is no end to them.

    `learner`: steps that one learner may learn from.
    `episode`: steps of one episode at most, where the environment says so, and 0 where it does not: then
    the longest one seen stands for it, and the purse may be overdrawn by what later ones are longer.
    """

    total: float = math.inf
    learner: float = math.inf
    episode: int = 0
    films: bool = True

    @property
    def is_open(self) -> bool:
        """Whether there is a cap."""
        return self.total < math.inf

    @property
    def walk_steps(self) -> int:
        """Random steps that may be taken to read the target's contract."""
        wanted = min(WALK_STEPS, max(SHORTEST_WALK, self.learner * LEARNER_FRAC))
        return int(min(wanted, max(1, self.total * WALK_FRAC)))

    @property
    def fresh(self) -> int:
        """Episodes of each policy at the gate."""
        if not self.is_open:
            return FRESH
        share = self.total * GATE_FRAC / (COMPARED * max(self.episode, 1))
        return int(min(max(share, FEWEST_FRESH), FRESH))

    @property
    def reserve(self) -> int:
        """What the end takes: the gate's episodes, and the films."""
        return COMPARED * (self.fresh + self.films) * self.episode

    @property
    def least(self) -> int:
        """The smallest total with which anything can be said: contract, the source as it is, the end."""
        looks = LOOK_EPISODES * self.episode
        return math.ceil((looks + COMPARED * (FEWEST_FRESH + self.films) * self.episode) / (1 - WALK_FRAC))

    def saw(self, lengths: Sequence[int]) -> None:
        """Learn from episodes how long they are, where the environment does not say."""
        self.episode = self.episode or max(lengths, default=0)

    def cost(self, job: Job) -> int:
        """Target steps that a job takes at most."""
        looks = LOOKS + (job.beginning is None)
        return (0 if job.is_simulated else job.steps) + looks * job.episodes * self.episode

    def afforded(self, jobs: Sequence[Job], taken: int) -> list[Job]:
        """Those that can be paid, in their order, after the target steps that the run has `taken`."""
        left = self.total - self.reserve - taken
        found = []
        for job in jobs:
            if self.cost(job) <= left:
                left -= self.cost(job)
                found.append(job)
        return found


def purse_for(settings: SimFitSettings, target: EnvironmentId) -> Purse:
    """The purse that was given, before anything is spent.

    Raises:
        OptionError: so little that nothing could be said. SimulationError: the target cannot be opened.
    """
    if settings.total_steps is None:
        return Purse(learner=settings.target_steps, films=settings.films)
    with metered(target) as env:
        limit = env.spec.max_episode_steps if env.spec else None
    purse = Purse(settings.total_steps, settings.target_steps, limit or 0, settings.films)
    if settings.total_steps < purse.least:
        raise OptionError(
            f"{settings.total_steps:,} are too few where an episode has up to {purse.episode:,} steps",
            where="--total-steps",
            expected=f"at least {purse.least:,}: the source is looked at {LOOK_EPISODES} times, and what may "
            f"be handed back {FEWEST_FRESH} times each",
            remedy="Give more, or leave it out and bound each learner by --target-steps alone.",
        )
    return purse
