"""What a start learns by, the labels themselves or pairs of them, and the head that belongs to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headstart.core.thinning import evenly
from headstart.develop.mirrored import AsTheyAre
from headstart.develop.problem import Problem
from headstart.develop.start import Start
from headstart.training.head import Head, starting_head
from headstart.training.objectives import (
    PAIRS_TEMPERATURE,
    Objective,
    objective_for,
    supervised_contrastive,
)
from headstart.training.reading import features
from headstart.training.states import States

if TYPE_CHECKING:
    import torch

HEAD_ROWS = 4000  # a ridge head is fitted on so many; more would change nothing that tuning does not
# Seconds of a pass with its judging, over those of its steps; on pairs the rows to learn from are read again.
JUDGING, JUDGING_PAIRS = 1.25, 1.6


def objective(start: Start, problem: Problem) -> Objective:
    """What a step makes small."""
    if start.pairs:
        return supervised_contrastive(PAIRS_TEMPERATURE)
    return objective_for(problem.task.kind, start.tuning.label_smoothing)


def fitting_head(start: Start, problem: Problem, states: States, dtype: torch.dtype) -> Head:
    """A ridge on the features that the network gives as it is now, of the rows to learn from."""
    rows = problem.parts.learn
    coded, _, _ = problem.targets(rows)
    some = rows[evenly(len(rows), HEAD_ROWS)]
    read = features(start.network, AsTheyAre(states), some, dtype=dtype)
    return starting_head(read, coded[some], problem.task.kind)


def judging(start: Start) -> float:
    """How much longer a pass takes with its judging than without, as a factor."""
    return JUDGING_PAIRS if start.pairs else JUDGING
