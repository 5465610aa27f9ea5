"""What can be had on the held-out rows without developing anything: so that a score means something."""

from __future__ import annotations

from headstart.core.development import Baseline
from headstart.core.task import Task
from headstart.core.thinning import evenly
from headstart.core.watch import Watch
from headstart.data import folds as make_folds
from headstart.data import select
from headstart.develop.parts import Parts
from headstart.metrics.estimates import WEIGHS_CLASSES_ALIKE, class_shares
from headstart.metrics.scores import class_weighted
from headstart.recipes.deciding import score_on
from headstart.when.controls import controls, merit

MOST_ROWS = 800  # a kernel of more rows takes longer than it tells; the record says how many there were
ROWS_PER_S = 4  # of a time limit: the baseline then takes a few per cent of it on two cores


def baseline(task: Task, parts: Parts, watch: Watch, *, time_limit_s: float | None) -> Baseline:
    """The best control of `fit`, fitted on rows to learn from, scored on the part that is scored once."""
    most = MOST_ROWS if time_limit_s is None else min(MOST_ROWS, int(ROWS_PER_S * time_limit_s))
    rows = parts.learn[evenly(len(parts.learn), most)]
    few, test = select(task, rows), select(task, parts.test)
    fitted = controls(few, make_folds(few, n_folds=5, n_repeats=1), watch)
    best = max(fitted, key=lambda control: merit(control.evidence, few))
    answers = best.predictor.predict(test.inputs)
    if task.metric in WEIGHS_CLASSES_ALIKE:
        answers = class_weighted(answers, class_shares(few))
    score = score_on(test, answers)
    return Baseline(
        name=best.candidate.id, score=score.estimate, interval=score.interval, n_learned=len(rows)
    )
