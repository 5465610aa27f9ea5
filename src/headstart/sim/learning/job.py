"""What one learner is to do, and what became of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pydantic import Field

from headstart.core.control import LearningPoint
from headstart.core.record import Record
from headstart.sim.learning.settings import LearnerSettings

PIECES = 8  # at least; what a kill may cost, and how finely strategies change what moves
LONGEST_PIECE = 2_000  # steps
LOOKS = 4  # evaluations on the way; the best of them, or the beginning, is what is kept
OUTCOME, SO_FAR = "outcome.json", "so-far.json"  # of a job that ended, and of one that was stopped
BEST, UNDER_WAY = "best", "under-way.safetensors"


class Job(Record):
    """What one learner is to do.

    Attributes:
        id: names its folder. `strategy`: how, see `sim.strategies`.
        environment: where it learns. `target`: where it is looked at; the same, as a rule.
        parameters, ranges, delay: how the environment is changed first (a simulator, see `simulation`).
        source: the folder of what it begins from; None for nothing.
        settings: the learner's, where it begins from nothing.
        steps: to learn for. `seed`: the learner's. `run_seed`: of the episodes that all are looked at by.
        episodes: in each look. `looks_seen`: returns of the beginning, where they are known already.
        typed: a person typed the environment just now, so it may name a module.
    """

    id: str
    strategy: str
    environment: str
    target: str
    source: str | None = None
    settings: LearnerSettings | None = None
    steps: int
    seed: int
    run_seed: int
    episodes: int = 3
    beginning: tuple[float, ...] | None = None
    most_violations: float | None = None
    typed: bool = False
    parameters: dict[str, float] = Field(default={})
    ranges: dict[str, tuple[float, float]] = Field(default={})
    delay: int = 0

    @property
    def is_simulated(self) -> bool:
        """Whether it learns elsewhere than in the target."""
        return self.environment != self.target


class Outcome(Record):
    """What became of a job.

    `steps` learned and `looked` (evaluation); `violations` and `looked_violations` in each. `best_step`:
    where on the curve what was kept lies. `status`: ``complete``, ``out of time``, ``cap``, or ``failed: …``.
    """

    id: str
    strategy: str
    seed: int
    curve: tuple[LearningPoint, ...]
    best_step: int
    steps: int
    looked: int
    violations: float
    looked_violations: float = 0.0
    wall_s: float
    status: str

    @classmethod
    def of_nothing(cls, job: Job, status: str, wall_s: float = 0.0) -> Outcome:
        """A job that came to no look at all, and why."""
        return cls(
            id=job.id,
            strategy=job.strategy,
            seed=job.seed,
            curve=(),
            best_step=0,
            steps=0,
            looked=0,
            violations=0.0,
            wall_s=wall_s,
            status=status,
        )

    @property
    def kept(self) -> tuple[float, ...]:
        """Returns at the look that is kept."""
        return next(point.returns for point in self.curve if point.step == self.best_step)


def pieces(steps: int) -> list[int]:
    """How `steps` are cut into pieces; their number is a multiple of LOOKS.

    >>> pieces(1000), len(pieces(100_000))
    ([125, 125, 125, 125, 125, 125, 125, 125], 52)
    """
    wanted = max(PIECES, -(-steps // LONGEST_PIECE))
    number = -(-wanted // LOOKS) * LOOKS
    return [int(part) for part in np.diff(np.linspace(0, steps, number + 1).round().astype(int))]


def written(folder: Path, outcome: Outcome, name: str = OUTCOME) -> None:
    """Put an outcome in its place in one step: where `OUTCOME` lies, the job is done."""
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{name}.part"
    part.write_text(outcome.model_dump_json(indent=1) + "\n", encoding="utf-8")
    part.replace(folder / name)
