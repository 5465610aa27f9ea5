"""Confusion, worst and most doubtful examples out of pooled predictions."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from headstart.core.run import RunRecord
from headstart.report import mistakes
from tests.report import examples, tasks


def task_of(run: RunRecord, n: int):
    return tasks.task_for(run, ["x"] * n)


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 40), st.integers(0, 9))
def test_every_row_with_a_prediction_is_counted_once(n, seed):
    run = examples.text_run()
    task = task_of(run, n)
    pooled = np.random.default_rng(seed).dirichlet(np.ones(6), n)
    pooled[0] = np.nan
    found = mistakes(task, pooled)
    assert np.sum(found.confusion) == n - 1
    right = (pooled[1:].argmax(1) == task.targets[1:]).sum()
    assert np.trace(np.array(found.confusion)) == right
    rows = [example.row for example in found.doubtful]
    assert len(rows) == len(set(rows))
    assert 0 not in rows


def test_the_most_confident_mistake_comes_first_and_the_closest_call_leads_the_doubtful():
    task = task_of(examples.image_run(), 4)  # truth 0, 1, 0, 1
    pooled = np.array([[0.2, 0.8], [0.99, 0.01], [0.51, 0.49], [0.1, 0.9]])
    found = mistakes(task, pooled).doubtful
    assert [(one.row, one.kind) for one in found] == [
        (1, "wrong"),
        (0, "wrong"),
        (2, "doubtful"),
        (3, "doubtful"),
    ]


def test_a_regression_shows_its_largest_errors_and_keeps_pairs():
    task = task_of(examples.regression_run(), 30)
    pooled = task.targets[:, None] + np.linspace(0, 3, 30)[:, None]
    found = mistakes(task, pooled)
    assert found.confusion == ()
    assert found.doubtful[0].row == 29
    assert len(found.predicted) == 30
