"""The starting head is the ridge probe: right where features say it, modest where they do not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headstart.core.kinds import Kind
from headstart.training.calibration import softmax
from headstart.training.head import starting_head
from headstart.training.schedule import rate_at
from tests import synthetic

LABELS = synthetic.balanced(60, 3)
CODED = np.eye(3)[LABELS]


@pytest.mark.parametrize("width", [20, 200])
def test_it_separates_what_can_be_separated_on_either_side_of_the_matrix(width):
    features = synthetic.features(LABELS, signal=2.0, width=width)
    head = starting_head(features, CODED, Kind.CLASSIFICATION)
    probabilities = softmax(head.scores(features))
    assert (probabilities.argmax(1) == LABELS).mean() > 0.95
    assert probabilities.max(1).mean() > 0.8


def test_it_promises_little_on_noise():
    features = synthetic.features(LABELS, signal=0.0, width=20)
    fresh = synthetic.features(LABELS, signal=0.0, width=20, seed=1)
    head = starting_head(features, CODED, Kind.CLASSIFICATION)
    assert softmax(head.scores(fresh)).max(1).mean() < 0.6


def test_it_finds_a_linear_relation_of_values():
    features = synthetic.features(LABELS, signal=1.0, width=5).astype(np.float64)
    values = features @ np.array([1.0, -2.0, 0.5, 0.0, 1.0])
    values = (values - values.mean()) / values.std()
    head = starting_head(features, values[:, None], Kind.REGRESSION)
    np.testing.assert_allclose(head.scores(features)[:, 0], values, atol=0.05)


def test_a_constant_feature_does_no_harm():
    features = synthetic.features(LABELS, signal=2.0)
    features[:, 3] = 7.0
    head = starting_head(features, CODED, Kind.CLASSIFICATION)
    assert np.isfinite(head.scores(features)).all()
    assert abs(head.weight[:, 3]).max() < 1e-3


@given(st.integers(1, 400), st.floats(0.0, 0.9))
def test_a_rate_rises_to_its_peak_once_and_falls_towards_zero(steps, warmup_frac):
    rates = [rate_at(step, steps, warmup_frac) for step in range(steps)]
    peak = int(np.argmax(rates))
    assert all(0.0 <= rate <= 1.0 for rate in rates)
    assert rates[: peak + 1] == sorted(rates[: peak + 1])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
