"""Rungs 3 and 4: race the planned candidates on the look's folds, under what is left of the budget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from headstart.core.budget import Budget
from headstart.core.candidate import Candidate, Scalar
from headstart.core.folds import Folds
from headstart.core.kinds import Modality
from headstart.core.source import Network
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.how.context import Context
from headstart.how.pieces import Pieces
from headstart.how.race import Race, race
from headstart.sources.scratch import SIDE, scratch_network
from headstart.what.look import Look
from headstart.what.plan import too_few_to_tune
from headstart.when.controls import FittedControl, merit

if TYPE_CHECKING:
    import torch

# Of the time limit, kept for judging, testing and writing the report.
RESERVE_FRAC, RESERVE_S = 0.08, 4.0
TEST_MARGIN = 1.3  # on the timed probe: decoding, and whatever else the machine does
SCRATCH_FRAC = 0.25  # of the time left, at most, for the control that is trained from scratch


def tune(
    planned: Sequence[Candidate],
    task: Task,
    folds: Folds,
    look: Look,
    networks: Mapping[str, Network],
    budget: Budget,
    watch: Watch,
    *,
    test_s: float = 0.0,
    pieces: Pieces | None = None,
) -> Race:
    """Adapt what is planned; an empty race where nothing is worth it or nothing can be tuned.

    `test_s` seconds are left for the test data, beside the reserve for judging and writing. `pieces` are
    finished fits of an earlier process, which are not bought again.
    """
    if not planned or watch.stop_requested:
        return Race((), {})
    context = Context(
        task=task,
        folds=folds,
        open_network=networks.__getitem__,
        reference=references(look),
        budget=shortened(budget, test_s),
        seed=task.seed,
        watch=watch,
        prefix_dtype=precisions(look),
        pieces=pieces,
    )
    return race(planned, context)


def from_scratch(
    task: Task,
    folds: Folds,
    plain: Sequence[FittedControl],
    budget: Budget,
    watch: Watch,
    *,
    pieces: Pieces | None = None,
) -> Race:
    """A small network trained from nothing, as a control: in the same race, by the same loop.

    Its first fit is held against the best closed-form control; clearly behind it, it costs no more.
    """
    if task.modality is not Modality.IMAGE or too_few_to_tune(task) or watch.stop_requested:
        return Race((), {})
    network = scratch_network(task.seed)
    settings: dict[str, Scalar] = {"size": SIDE, "depth": 0.0, "decay": 1.0, "rate": 2e-3, "epochs": 30}
    candidate = Candidate(f"control/scratch@small-cnn:{SIDE}", None, "full", settings=settings, rung=4)
    best = max(plain, key=lambda control: merit(control.evidence, task))
    context = Context(
        task=task,
        folds=folds,
        open_network=lambda _: network,
        reference={str(None): best.evidence.predictions},
        budget=share(budget, SCRATCH_FRAC),
        seed=task.seed,
        watch=watch,
        pieces=pieces,
    )
    return race([candidate], context)


def joined(*races: Race) -> Race:
    """Several races as one."""
    members = {name: member for one in races for name, member in one.members.items()}
    return Race(tuple(e for one in races for e in one.evidence), members)


def share(budget: Budget, fraction: float) -> Budget:
    """A budget that ends when `fraction` of what is left has been spent."""
    if budget.time_limit_s is None:
        return budget
    return replace(budget, time_limit_s=budget.spent_s() + fraction * max(budget.left_s(), 0.0))


def references(look: Look) -> dict[str, Any]:
    """Source id -> out-of-fold predictions of its best probe."""
    best = {}
    for probe in sorted(look.probes, key=lambda probe: probe.merit):
        best[probe.reading.card.id] = probe.evidence.predictions
    return best


def precisions(look: Look) -> Any:
    """A function: network -> the number format that the timed probe chose for it."""
    import torch

    names = {reading.card.id: reading.precision for reading in look.readings}

    def of(network: Network) -> torch.dtype:
        fast = names.get(network.card.id, "").startswith("bfloat16")
        return torch.bfloat16 if fast else torch.float32

    return of


def test_seconds(look: Look, n_train: int, n_test: int, max_networks: int) -> float:
    """What the test will take at most: its examples through the dearest networks that may be combined."""
    costs = sorted((reading.forward_s / n_train for reading in look.readings), reverse=True)
    return TEST_MARGIN * n_test * sum(costs[:max_networks])


def shortened(budget: Budget, test_s: float) -> Budget:
    """The budget less what the test, judging and reporting will need."""
    if budget.time_limit_s is None:
        return budget
    return replace(budget, time_limit_s=budget.time_limit_s * (1 - RESERVE_FRAC) - RESERVE_S - test_s)
