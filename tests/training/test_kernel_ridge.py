"""The closed form says what fitting again without the rows would say."""

from __future__ import annotations

import numpy as np
import pytest

from headstart.training.calibration import calibrate
from headstart.training.kernel_ridge import PENALTIES, Spectrum, gram, moments, standardise
from headstart.training.probe import fit_kernel, plain_inner
from tests import synthetic


@pytest.fixture
def problem():
    labels = synthetic.balanced(30, 3)
    features = synthetic.features(labels, signal=0.6).astype(np.float64)
    kernel = features @ features.T / 20 + 1.0
    return kernel, np.eye(3)[labels] - 1 / 3, synthetic.folds(30, repeats=2)


def fitted_without(kernel, targets, rows, out, penalty):
    """Scores of `rows` by a ridge that never saw `out`."""
    rest = np.setdiff1d(np.arange(len(kernel)), out)
    dual = np.linalg.solve(kernel[np.ix_(rest, rest)] + penalty * np.eye(len(rest)), targets[rest])
    return kernel[np.ix_(rows, rest)] @ dual


def test_out_of_fold_scores_equal_refitting_without_the_fold(problem):
    kernel, targets, folds = problem
    scores = Spectrum.of(kernel).out_of_fold(targets, folds)
    for index, penalty in enumerate(PENALTIES):
        for repeat, _, _, held in folds.splits():
            expected = fitted_without(kernel, targets, held, held, penalty)
            np.testing.assert_allclose(scores[index, repeat, held], expected, atol=1e-6)


def test_nested_scores_equal_refitting_without_both_folds(problem):
    kernel, targets, folds = problem
    outer, scores = Spectrum.of(kernel).nested(targets, folds)
    np.testing.assert_array_equal(outer, Spectrum.of(kernel).out_of_fold(targets, folds))
    penalty = PENALTIES.index(0.1)
    assignment = folds.assignment[1]
    for fold in range(folds.n_folds):
        assert np.isnan(scores[penalty, 1, fold, assignment == fold]).all()
        for other in set(range(folds.n_folds)) - {fold}:
            rows = np.flatnonzero(assignment == other)
            out = np.flatnonzero((assignment == fold) | (assignment == other))
            expected = fitted_without(kernel, targets, rows, out, 0.1)
            np.testing.assert_allclose(scores[penalty, 1, fold, rows], expected, atol=1e-6)


def test_an_outlier_is_clipped_and_a_constant_column_drops_out():
    features = np.zeros((100, 2), np.float32)
    features[0, 0] = 1e6
    features[:, 1] = 7.0
    scaled = standardise(features, *moments(features))
    assert scaled.max() == 5.0
    assert (scaled[:, 1] == 0).all()


def noise(seed):
    labels = synthetic.balanced(24, 2)
    folds = synthetic.folds(24, repeats=1, seed=seed, labels=labels)
    return labels, folds, gram(np.random.default_rng(seed).normal(size=(24, 40)))


def test_noise_is_not_made_to_look_better_than_chance():
    lead = []
    for seed in range(40):
        labels, folds, kernel = noise(seed)
        outer = fit_kernel(kernel, synthetic.task(labels), folds).outer
        lead.append(np.log(outer[:, np.arange(24), labels]).mean() - np.log(0.5))
    assert np.mean(lead) <= 2 * np.std(lead) / np.sqrt(len(lead))


def test_choosing_on_plain_scores_flatters_noise_and_nested_scores_do_not():
    """The reason for the nested scores: the easy version promises what it cannot keep."""
    easy, honest = [], []
    for seed in range(30):
        labels, folds, kernel = noise(seed)
        spectrum, targets = Spectrum.of(kernel + 1.0), np.eye(2)[labels] - 0.5
        outer, nested = spectrum.nested(targets, folds)
        for inner, found in ((plain_inner(outer, folds), easy), (nested, honest)):
            chosen = calibrate(outer, inner, labels, folds).probabilities
            found.append(np.log(chosen[0, np.arange(24), labels]).mean())
    assert np.mean(easy) > np.mean(honest)


def test_regression_finds_a_linear_truth():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 5)).astype(np.float32)
    task = synthetic.regression(x @ np.array([1.0, -2, 0, 0, 3]))
    fitted = fit_kernel(gram(x), task, synthetic.folds(60))
    assert np.abs(fitted.outer[..., 0] - task.targets).max() < 0.5
