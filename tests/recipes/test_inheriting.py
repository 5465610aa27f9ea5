"""What sources of the store brought is told against the control and against the public sources."""

from __future__ import annotations

import numpy as np
import pytest

from headstart.core.candidate import Candidate
from headstart.core.evidence import Evidence
from headstart.data import folds as make_folds
from headstart.recipes.inheriting import THIS_RUN, family
from headstart.recipes.storing import open_store
from headstart.store import ObjectKind, Parent
from headstart.when.additions import over_control, over_the_rest
from headstart.when.judge import compare
from tests import synthetic

OWN, PUBLIC = "store:cars@1", "pypi:public"


@pytest.fixture
def task():
    return synthetic.task(synthetic.balanced(80, 2))


def evidence(task, folds, name, source, right):
    """A candidate that is right in this share of rows."""
    rng = np.random.default_rng(len(name))
    repeats = len(folds.assignment)
    sure = np.where(rng.random(len(task)) < right, 0.9, 0.1)
    truth = np.eye(2)[task.targets]
    predictions = truth * sure[:, None] + (1 - truth) * (1 - sure[:, None])
    return Evidence(Candidate(name, source, "linear"), np.repeat(predictions[None], repeats, 0))


def test_a_source_that_knows_more_than_the_others_gains_over_both(task):
    folds = make_folds(task, n_folds=5, n_repeats=2)
    found = [
        evidence(task, folds, "control/guess", None, 0.5),
        evidence(task, folds, "public-probe", PUBLIC, 0.6),
        evidence(task, folds, "own", OWN, 0.97),
    ]
    together = compare(found, task, folds)
    alone = over_control(found, {OWN}, task, folds)
    added = over_the_rest(together, found, {OWN}, task, folds)
    assert alone.interval.low > 0
    assert added is not None
    assert added.estimate > 0.1


def test_without_another_source_there_is_nothing_to_compare_with(task):
    folds = make_folds(task, n_folds=5, n_repeats=2)
    found = [evidence(task, folds, "control/guess", None, 0.5), evidence(task, folds, "own", OWN, 0.9)]
    assert over_the_rest(compare(found, task, folds), found, {OWN}, task, folds) is None


def test_the_family_goes_from_the_data_to_this_run(task, tmp_path):
    store = open_store(str(tmp_path))
    data = "d" * 64
    made = store.add({}, name="cars", kind=ObjectKind.SOURCE, parents=[Parent(data, "data cars")])
    store.add(
        {}, name="bikes", kind=ObjectKind.SOURCE, card={"wheels": 2}, parents=[Parent(data, "data cars")]
    )
    nodes, edges = family([OWN], task, store)
    labels = {node.sha256: node.label for node in nodes}
    assert list(labels.values())[-1] == THIS_RUN
    assert {(labels[e.parent], labels[e.child]) for e in edges} == {
        ("data cars", "cars@1"),
        ("cars@1", THIS_RUN),
        (f"data {task.name}", THIS_RUN),
    }
    assert made.sha256 in labels
