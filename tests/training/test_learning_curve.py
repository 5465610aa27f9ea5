"""The learning curve: rising where there is something to learn, and only what could be fitted."""

from __future__ import annotations

import numpy as np

from headstart.training.kernel_ridge import gram
from headstart.training.learning_curve import LearningCurve, learning_curve
from tests import synthetic


def test_more_labels_bring_more_where_there_is_something_to_learn():
    labels = synthetic.balanced(120, 3)
    kernel = gram(synthetic.features(labels, signal=0.5))
    curve = learning_curve(kernel, synthetic.task(labels), penalty=0.1, sharpness=3.0)
    points = curve.points
    assert [labels for labels, _ in points] == curve.sizes.tolist() == sorted(curve.sizes.tolist())
    assert points[-1][1] > points[0][1] + 0.05
    again = learning_curve(kernel, synthetic.task(labels), penalty=0.1, sharpness=3.0)
    np.testing.assert_array_equal(curve.scores, again.scores)


def test_values_are_scored_without_sharpness():
    labels = synthetic.balanced(60, 2)
    task = synthetic.regression(labels.astype(float).tolist())
    curve = learning_curve(gram(synthetic.features(labels, signal=1.0)), task, penalty=0.1, sharpness=0.0)
    assert all(-1.0 < score < 0.0 for _, score in curve.points)


def test_sizes_at_which_nothing_could_be_fitted_are_no_points():
    scores = np.array([[np.nan, 0.5, np.nan], [np.nan, 0.7, 0.8]])
    assert LearningCurve(np.array([2, 4, 6]), scores).points == ((4, 0.6), (6, 0.8))
