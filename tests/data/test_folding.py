import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headstart import data
from headstart.core.errors import DataError
from headstart.core.kinds import Kind, Modality
from headstart.core.task import Task
from headstart.data.texts import Texts


def task_of(targets, groups=None, seed=0, kind=Kind.CLASSIFICATION):
    targets = np.asarray(targets)
    n = len(targets)
    names = [str(row) for row in range(n)]
    return Task(
        name="t",
        modality=Modality.TEXT,
        kind=kind,
        inputs=Texts(names, names),
        targets=targets,
        classes=tuple(map(str, range(targets.max() + 1))) if kind is Kind.CLASSIFICATION else (),
        groups=np.arange(n) if groups is None else np.asarray(groups),
        metric="accuracy",
        seed=seed,
        fingerprint="",
    )


rows_of = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 14)), min_size=6, max_size=40)
labels_and_groups = rows_of.filter(lambda rows: len({group for _, group in rows}) > 1)


@settings(max_examples=60, deadline=None)
@given(labels_and_groups, st.integers(2, 6), st.integers(0, 3))
def test_groups_are_never_split_and_every_fold_holds_something(drawn, k, seed):
    labels, groups = (np.array(column) for column in zip(*drawn, strict=True))
    folds = data.folds(task_of(labels, groups, seed), n_folds=k)
    assert folds.assignment.shape == (2, len(labels))
    assert folds.n_folds == min(k, len(set(groups.tolist())))
    for _, _, train, held in folds.splits():
        assert len(held)
        assert not set(groups[train].tolist()) & set(groups[held].tolist())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 4), min_size=6, max_size=60).filter(lambda drawn: len(set(drawn)) > 1),
    st.integers(2, 6),
)
def test_classes_are_spread_within_one_row_and_never_absent_from_training(labels, k):
    labels = np.unique(labels, return_inverse=True)[1]
    folds = data.folds(task_of(labels), n_folds=k)
    for repeat in range(2):
        for c in range(labels.max() + 1):
            held = np.bincount(folds.assignment[repeat][labels == c], minlength=folds.n_folds)
            assert held.max() - held.min() <= 1
        sizes = np.bincount(folds.assignment[repeat])
        assert sizes.max() - sizes.min() <= 1
    for _, _, train, _ in folds.splits():
        absent = set(labels.tolist()) - set(labels[train].tolist())
        assert all((labels == c).sum() == 1 for c in absent)


def possible(labels, groups, k):
    """Whether some dealing of groups to k folds leaves no class with several groups in one fold."""
    of_class = [set(groups[labels == c].tolist()) for c in set(labels.tolist())]
    several = [members for members in of_class if len(members) > 1]
    names = sorted(set(groups.tolist()))
    for folds in itertools.product(range(k), repeat=len(names)):
        place = dict(zip(names, folds, strict=True))
        if len(set(folds)) == k and all(len({place[g] for g in members}) > 1 for members in several):
            return True
    return False


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=5, max_size=12), st.integers(2, 3))
def test_mixed_groups_leave_no_class_out_of_training_where_that_is_possible(rows, k):
    labels, groups = (np.array(column) for column in zip(*rows, strict=True))
    labels = np.unique(labels, return_inverse=True)[1]
    if len(set(groups.tolist())) <= k or not possible(labels, groups, k):
        return
    for _, _, train, _ in data.folds(task_of(labels, groups), n_folds=k).splits():
        for c in set(labels.tolist()) - set(labels[train].tolist()):
            assert len(set(groups[labels == c].tolist())) == 1


def test_the_same_seed_gives_the_same_folds_and_another_seed_others():
    labels = np.arange(60) % 3
    one, two, other = (data.folds(task_of(labels, seed=seed)).assignment for seed in (1, 1, 2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)
    assert not np.array_equal(one[0], one[1])


def test_every_fold_of_a_regression_sees_low_and_high_targets():
    targets = np.random.default_rng(0).exponential(size=100)
    folds = data.folds(task_of(targets, kind=Kind.REGRESSION))
    for _, _, _, held in folds.splits():
        assert np.mean(targets[held] > np.median(targets)) == pytest.approx(0.5, abs=0.11)


def test_one_single_group_is_refused():
    with pytest.raises(DataError, match="belong to one group"):
        data.folds(task_of([0, 1, 0], [0, 0, 0]))


def test_many_rows_are_dealt_quickly():
    labels = np.random.default_rng(0).integers(0, 50, 20_000)
    folds = data.folds(task_of(labels), n_repeats=1)
    assert np.ptp(np.bincount(folds.assignment[0])) <= 1
