"""How alike teacher and student answer, and how good both are where there are labels.

Every number is on rows that the student was fitted without and, where there are enough of them, that the
teacher was not trained on either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headstart.core.estimate import Score
from headstart.core.folds import Folds
from headstart.core.kinds import Kind
from headstart.core.seeds import generator
from headstart.core.task import Task
from headstart.data import select
from headstart.metrics.estimates import difference_error, score_of
from headstart.metrics.intervals import around, resamples
from headstart.recipes.deciding import score_on
from headstart.recipes.teacher import Teacher
from headstart.recipes.transfer_set import LEAST_ROWS, TransferSet
from headstart.training.distillation import divergence

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Likeness:
    """See `core.distillation.Distillation`, whose numbers these are."""

    agreement: Score
    by_chance: float
    divergence: float | None
    n_known: int
    teacher_score: Score | None
    student_score: Score | None
    difference: Score | None
    notes: tuple[str, ...]


def compared(
    teacher: Teacher,
    given: TransferSet,
    task: Task,
    answers: Array,
    learned: Array,
    known: NDArray[np.bool_],
    folds: Folds,
) -> Likeness:
    """Compare a teacher's answers [n, k] with a student's out-of-fold ones [n, k].

    `task` has the teacher's answers as targets; `known` [n] says which rows the teacher was trained on.
    """
    known = known.copy()
    if given.truth is not None and given.whole == teacher.fingerprint:
        known[given.labelled] = True  # the very data that it was fitted on
    notes = []
    fresh = np.flatnonzero(~known)
    rows = fresh if len(fresh) >= LEAST_ROWS else np.arange(len(task))
    if known.any():
        notes.append(about_known(int(known.sum()), len(task), are_left_out=len(rows) == len(fresh)))
    asked = select(task, rows)
    decide = teacher.model.scored
    counts = resamples(len(rows), generator(task.seed, "agreement"), asked.groups)
    agreement = score_of(asked, decide(learned[rows]), folds, counts, corrected=True)
    is_class = task.kind is Kind.CLASSIFICATION
    scores = on_labels(given, answers, learned, known, folds, decide)
    taught, own, difference = scores or (None, None, None)
    if scores is None and given.truth is not None:
        notes.append(
            f"Scores are left out: fewer than {LEAST_ROWS} of the labelled examples are new to the teacher, "
            "and on those that it was trained on its score would be flattered."
        )
    return Likeness(
        agreement,
        float(np.bincount(asked.targets).max() / len(rows)) if is_class else 0.0,
        divergence(learned[rows], answers[rows]) if is_class else None,
        int(known.sum()),
        taught,
        own,
        difference,
        tuple(notes),
    )


def about_known(known: int, n: int, *, are_left_out: bool) -> str:
    """What a reader must know where the teacher was trained on some of the rows."""
    said = f"The teacher was trained on {known} of these {n} examples"
    if are_left_out:
        return f"{said}: they served to fit the student, and no figure here is on them."
    return f"{said}: agreement on new ones may be another."


def on_labels(
    given: TransferSet,
    answers: Array,
    learned: Array,
    known: NDArray[np.bool_],
    folds: Folds,
    decide: Callable[[Array], Array],
) -> tuple[Score, Score, Score] | None:
    """Scores of teacher and student, and their difference, on labelled rows new to the teacher."""
    if given.truth is None:
        return None
    new = np.flatnonzero(~known[given.labelled])
    if len(new) < LEAST_ROWS:
        return None
    truth = select(given.truth, new)
    rows = given.labelled[new]
    ours, theirs = decide(learned[rows]), decide(answers[rows])
    counts = resamples(len(new), generator(truth.seed, "labels"), truth.groups)
    taught, own = score_on(truth, theirs), score_of(truth, ours, folds, counts, corrected=True)
    error = difference_error(truth, ours, theirs, folds, counts)
    gap = own.estimate - taught.estimate
    return taught, own, Score(gap, around(gap, error, len(new)), True)
