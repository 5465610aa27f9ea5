"""Scores agree with scikit-learn's; intervals cover what they say."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as reference

from headstart.core.errors import OptionError
from headstart.core.kinds import Kind
from headstart.metrics import METRICS, class_weighted, fitting
from headstart.metrics.estimates import score_of
from headstart.metrics.intervals import resamples, spread, widening
from tests import synthetic

RNG = np.random.default_rng(3)
TRUTH = RNG.integers(0, 3, 60)
PREDICTED = RNG.dirichlet(np.ones(3), 60)
WEIGHTS = RNG.uniform(0, 2, 60)


@pytest.mark.parametrize(
    ("name", "function"),
    [("accuracy", reference.accuracy_score), ("balanced_accuracy", reference.balanced_accuracy_score)],
)
def test_weighted_scores_are_scikit_learns(name, function):
    expected = function(TRUTH, PREDICTED.argmax(1), sample_weight=WEIGHTS)
    assert METRICS[name].score(TRUTH, PREDICTED, WEIGHTS) == pytest.approx(expected)


def test_macro_f1_and_log_loss_are_scikit_learns():
    f1 = reference.f1_score(TRUTH, PREDICTED.argmax(1), average="macro", sample_weight=WEIGHTS)
    assert METRICS["macro_f1"].score(TRUTH, PREDICTED, WEIGHTS) == pytest.approx(f1)
    loss = reference.log_loss(TRUTH, PREDICTED, sample_weight=WEIGHTS)
    assert METRICS["neg_log_loss"].score(TRUTH, PREDICTED, WEIGHTS) == pytest.approx(-loss)


@pytest.mark.parametrize("name", list(METRICS))
def test_every_metric_prefers_the_truth_to_a_guess(name):
    if METRICS[name].kind is Kind.CLASSIFICATION:
        truth, best, guess = TRUTH, np.eye(3)[TRUTH], np.full((60, 3), 1 / 3)
    else:
        truth = RNG.normal(size=60)
        best, guess = truth[:, None], np.zeros((60, 1))
    assert METRICS[name].score(truth, best) > METRICS[name].score(truth, guess)


@pytest.mark.parametrize("name", [name for name in METRICS if METRICS[name].rows])
def test_row_values_average_to_the_score(name):
    metric = METRICS[name]
    truth = TRUTH if metric.kind is Kind.CLASSIFICATION else RNG.normal(size=60)
    predicted = PREDICTED if metric.kind is Kind.CLASSIFICATION else RNG.normal(size=(60, 1))
    assert metric.rows is not None
    assert metric.rows(truth, predicted).mean() == pytest.approx(metric.score(truth, predicted))


@pytest.mark.parametrize("k", [2, 4])
def test_rows_of_the_area_under_the_curve_spread_as_its_bootstrap_does(k):
    rng = np.random.default_rng(k)
    truth = rng.integers(0, k, 80)
    predicted = (rng.dirichlet(np.ones(k), 80) + 0.5 * np.eye(k)[truth]).round(1)  # with ties
    metric, counts = METRICS["roc_auc"], resamples(80, rng)
    drawn = np.std([metric.score(truth, predicted, weights) for weights in counts])
    assert spread(metric, truth, predicted, counts) == pytest.approx(drawn, rel=0.1)


def test_a_metric_of_the_other_kind_is_refused_with_those_that_fit():
    fitting(None, Kind.REGRESSION)
    fitting("r2", Kind.REGRESSION)
    with pytest.raises(OptionError, match=r"(?s)'accuracy' does not score numbers.*neg_mae, neg_rmse, r2"):
        fitting("accuracy", Kind.REGRESSION)
    with pytest.raises(OptionError, match="does not score classes"):
        fitting("neg_rmse", Kind.CLASSIFICATION)


@given(st.integers(2, 30), st.integers(0, 1000))
def test_resamples_draw_groups_whole(n, seed):
    groups = np.arange(n) // 2
    counts = resamples(n, np.random.default_rng(seed), groups)
    for group in np.unique(groups):
        rows = counts[:, groups == group]
        assert (rows == rows[:, :1]).all()


def test_class_weighting_names_the_rare_class():
    rare = np.array([[0.8, 0.2]])
    assert class_weighted(rare, np.array([0.9, 0.1])).argmax() == 1


def test_an_interval_is_wider_than_a_bootstrap_over_rows_alone():
    assert widening(synthetic.folds(20, repeats=1)) == pytest.approx(1.5)
    labels = synthetic.balanced(40, 2)
    task, folds = synthetic.task(labels), synthetic.folds(40)
    half = np.where(np.arange(40)[:, None] % 4 < 2, np.eye(2)[labels], 1 - np.eye(2)[labels]) * 0.8 + 0.1
    counts = resamples(40, np.random.default_rng(0))
    score = score_of(task, half, folds, counts, corrected=True)
    assert score.estimate == 0.5
    assert score.interval.high - score.interval.low > 2 * 1.645 * 0.5 / np.sqrt(40)


def test_the_interval_of_r2_has_no_unit():
    values = np.random.default_rng(0).normal(size=60)
    folds = synthetic.folds(60)
    counts = resamples(60, np.random.default_rng(1))
    widths = []
    for unit in (1.0, 1e6):
        task = dataclasses.replace(synthetic.regression(values * unit), metric="r2")
        found = score_of(task, 0.95 * task.targets[:, None], folds, counts, corrected=True).interval
        widths.append(found.high - found.low)
    assert widths[0] == pytest.approx(widths[1])
