"""The closed form follows a teacher's probabilities, as sharp as they are, and does not flatter itself."""

from __future__ import annotations

import numpy as np
import pytest

from headstart.training import distillation
from headstart.training.calibration import softmax
from headstart.training.distillation import best_sharpness, cross_entropy, divergence, fit_soft
from headstart.training.kernel_ridge import gram
from tests import synthetic

N = 120


@pytest.fixture
def features():
    return np.random.default_rng(0).normal(size=(N, 12))


@pytest.fixture
def teacher(features):
    """Probabilities [n, 3] that a linear model of the features gives."""
    return softmax(features @ np.random.default_rng(1).normal(size=(12, 3)) * 0.8)


def agreement(ours, theirs):
    return (ours.argmax(1) == theirs.argmax(1)).mean()


def test_a_teacher_within_reach_is_followed_in_answers_and_in_sharpness(features, teacher):
    fitted = fit_soft(gram(features), teacher, synthetic.folds(N))
    ours = fitted.outer.mean(0)
    assert fitted.coding == "log-probabilities"
    assert agreement(ours, teacher) > 0.9
    assert divergence(ours, teacher) < 0.03
    assert ours.max(1).mean() == pytest.approx(teacher.max(1).mean(), abs=0.03)


def test_features_that_know_nothing_agree_no_more_than_chance(teacher):
    noise = np.random.default_rng(2).normal(size=(N, 200))
    fitted = fit_soft(gram(noise), teacher, synthetic.folds(N))
    ours = fitted.outer.mean(0)
    by_chance = np.bincount(teacher.argmax(1)).max() / N
    assert agreement(ours, teacher) < by_chance + 0.12
    shares = np.tile(teacher.mean(0), (N, 1))
    assert divergence(ours, teacher) == pytest.approx(divergence(shares, teacher), abs=0.05)


def test_the_coefficients_answer_like_the_teacher(features, teacher):
    kernel = gram(features)
    fitted = fit_soft(kernel, teacher, synthetic.folds(N))
    whole = softmax(((kernel + 1) @ fitted.dual + fitted.offset) * fitted.sharpness)
    assert agreement(whole, teacher) >= agreement(fitted.outer.mean(0), teacher)
    assert divergence(whole, teacher) < 0.02


def test_above_the_limit_of_nested_scores_the_answers_hardly_change(features, teacher, monkeypatch):
    folds = synthetic.folds(N)
    nested = fit_soft(gram(features), teacher, folds)
    monkeypatch.setattr(distillation, "NESTED_UP_TO", 1)
    plain = fit_soft(gram(features), teacher, folds)
    np.testing.assert_allclose(plain.outer, nested.outer, atol=0.15)
    np.testing.assert_array_equal(plain.dual, nested.dual)


@pytest.mark.parametrize("factor", [0.2, 1.0, 7.0])
def test_the_sharpness_is_the_one_that_a_grid_finds(teacher, factor):
    scores = np.log(teacher) / factor + np.random.default_rng(3).normal(size=teacher.shape) * 0.1
    grid = np.geomspace(0.01, 100, 400)
    losses = [cross_entropy(softmax(scores * one), teacher) for one in grid]
    assert best_sharpness(scores, teacher) == pytest.approx(grid[int(np.argmin(losses))], rel=0.05)


def test_scores_that_are_all_alike_leave_the_sharpness_finite(teacher):
    assert np.isfinite(best_sharpness(np.zeros_like(teacher), teacher))
