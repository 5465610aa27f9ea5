"""The shared folds: repeated, stratified, grouped, balanced, the same for every candidate and control."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import DataError
from headstart.core.folds import Folds
from headstart.core.kinds import Kind
from headstart.core.seeds import generator
from headstart.core.task import Task

QUANTILE_BINS = 10  # of a regression's targets, so that every fold sees low, middle and high ones
REPAIR_ROUNDS = 200  # moves tried to spread a class over two folds; needed only where groups mix classes

Array = NDArray[np.int64]


def folds(task: Task, *, n_folds: int = 5, n_repeats: int = 2) -> Folds:
    """Stratified folds that keep groups together, from `task.seed` alone.

    Within a repeat, each class (or tenth of a regression's targets) and the whole are spread as evenly as
    the groups allow. A class with at least two groups is in the training part of every fold whenever that is
    possible; it always is where no group mixes classes. With fewer groups than `n_folds` there are as many
    folds as groups; a class with fewer rows than folds is held out
    in some of them only.

    Raises:
        DataError: all rows are in one group, so nothing can be held out.
    """
    strata = _strata(task)
    groups = np.unique(task.groups, return_inverse=True)[1]
    counts = np.zeros((groups.max() + 1, strata.max() + 1), dtype=np.int64)
    np.add.at(counts, (groups, strata), 1)
    if len(counts) < 2:
        raise DataError(
            f"all {len(task)} rows belong to one group",
            where=task.name,
            expected="at least 2 groups, so that one can be held out",
            remedy="Check the column of --groups, and whether the examples are copies of each other.",
        )
    k = min(n_folds, len(counts))
    repeats = [_deal(counts, k, generator(task.seed, "folds", repeat)) for repeat in range(n_repeats)]
    return Folds(np.stack([assignment[groups] for assignment in repeats]))


def _strata(task: Task) -> Array:
    """[n] class indices, or the quantile bins of a regression's targets."""
    if task.kind is Kind.CLASSIFICATION:
        return np.asarray(task.targets, dtype=np.int64)
    ranks = np.argsort(np.argsort(task.targets, kind="stable"), kind="stable")
    bins = min(QUANTILE_BINS, max(1, len(task) // 5))
    return (ranks * bins // len(task)).astype(np.int64)


def _deal(counts: Array, k: int, random: np.random.Generator) -> Array:
    """[groups] folds: the largest groups first, each to the fold that has the least of its classes."""
    totals = counts.sum(axis=0)
    sizes = counts.sum(axis=1)
    order = random.permutation(len(counts))
    # Rarest class within one size: what is dealt early spreads best, and a rare class has most to lose.
    rarest = np.where(counts > 0, totals, np.iinfo(np.int64).max).min(axis=1)
    order = order[np.lexsort((counts[order].argmax(axis=1), rarest[order], -sizes[order]))]
    held = [[0] * counts.shape[1] for _ in range(k)]
    size = [0] * k
    assignment = np.zeros(len(counts), dtype=np.int64)
    tie = random.permutation(k).tolist()
    for group in order.tolist():
        classes = [(int(c), int(counts[group, c]), int(totals[c])) for c in np.flatnonzero(counts[group])]
        costs = [
            (sum(many * fold[c] / total for c, many, total in classes), size[f], tie[f])
            for f, fold in enumerate(held)
        ]
        best = costs.index(min(costs))
        assignment[group] = best
        for c, many, _ in classes:
            held[best][c] += many
            size[best] += many
    return _fill(_spread(assignment, counts, k, random), counts, k)


def _stuck(assignment: Array, counts: Array, k: int) -> Array:
    """Classes with several groups that all lie in one fold, so that its training part lacks them."""
    present = np.zeros((k, counts.shape[1]), dtype=bool)
    rows, classes = np.nonzero(counts)
    present[assignment[rows], classes] = True
    return np.flatnonzero((present.sum(axis=0) == 1) & ((counts > 0).sum(axis=0) > 1))


def _spread(assignment: Array, counts: Array, k: int, random: np.random.Generator) -> Array:
    """Move groups until no class is stuck in one fold (min-conflicts; possible moves may run out)."""
    best = assignment
    fewest = len(_stuck(assignment, counts, k))
    for _ in range(REPAIR_ROUNDS if fewest else 0):
        stuck = _stuck(assignment, counts, k)
        members = np.flatnonzero(counts[:, random.choice(stuck)])
        moves = []
        for group in members[:20]:
            for fold in range(k):
                if fold != assignment[group]:
                    moved = assignment.copy()
                    moved[group] = fold
                    moves.append((len(_stuck(moved, counts, k)), random.random(), moved))
        left, _, assignment = min(moves, key=lambda move: move[:2])
        if left < fewest:
            best, fewest = assignment, left
        if not fewest:
            break
    return best


def _fill(assignment: Array, counts: Array, k: int) -> Array:
    """Give every empty fold the smallest group of the fold that has most groups."""
    assignment = assignment.copy()
    for fold in range(k):
        if not (assignment == fold).any():
            donor = np.bincount(assignment, minlength=k).argmax()
            members = np.flatnonzero(assignment == donor)
            assignment[members[counts[members].sum(axis=1).argmin()]] = fold
    return assignment
