"""Returns over learners and episodes: a mean that outliers do not sway, an interval that keeps its word."""

import numpy as np
import pytest

from headstart.metrics import returns


def test_the_interquartile_mean_is_not_swayed_by_one_wild_run():
    calm = [1.0, 2.0, 3.0, 4.0]
    assert returns.interquartile_mean([*calm, 1e9, -1e9, 2.5, 2.5]) == pytest.approx(2.5)


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 13])
def test_it_counts_the_middle_half_exactly_whatever_n_is(n):
    values = np.random.default_rng(n).normal(size=n)
    fine = np.repeat(np.sort(values), 4)  # four copies of each: the quarters are whole numbers of them
    assert returns.interquartile_mean(values) == pytest.approx(fine[n : 3 * n].mean())


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    rng, hits = np.random.default_rng(0), 0
    for draw in range(60):
        learners = rng.normal(0.0, 1.0, 8)
        rows = [learner + rng.normal(0.0, 1.0, 6) for learner in learners]
        found = returns.score(rows, seed=draw).interval
        hits += found.contains(0.0)
    assert 44 <= hits <= 60  # 90 % of 60 is 54; eight learners make it a little short


def test_the_same_episodes_make_a_difference_sharper_than_other_ones():
    rng = np.random.default_rng(1)
    starts = rng.normal(0.0, 100.0, 20)
    ours, theirs = starts + 5.0, starts
    together, above = returns.paired(ours, theirs)
    apart, _ = returns.difference([ours], [theirs])
    assert together.interval.high - together.interval.low < 0.5 * (apart.interval.high - apart.interval.low)
    assert above > 0.5


def test_the_same_seed_gives_the_same_interval():
    rows = [[1.0, 2.0, 3.0], [2.0, 5.0, 1.0]]
    assert returns.score(rows, 3) == returns.score(rows, 3)
