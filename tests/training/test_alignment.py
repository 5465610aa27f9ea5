"""Alignment tells views of the same rows from views of other rows, without labels."""

from __future__ import annotations

import numpy as np
import pytest

from headstart.training.alignment import alignment, standard_error, u_centred


def view(rows: np.ndarray, noise: float, seed: int) -> np.ndarray:
    """A Gram matrix of a random linear view of rows, with noise."""
    rng = np.random.default_rng(seed)
    seen = rows @ rng.normal(size=(rows.shape[1], 12)) + noise * rng.normal(size=(len(rows), 12))
    return seen @ seen.T


def test_two_views_of_the_same_rows_are_aligned():
    rows = np.random.default_rng(0).normal(size=(60, 5))
    assert alignment(view(rows, 0.1, 1), view(rows, 0.1, 2)) > 10 * standard_error(60)


@pytest.mark.parametrize("n", [10, 30, 100])
def test_views_of_different_rows_stray_as_far_as_the_standard_error_says(n):
    rng = np.random.default_rng(n)
    found = []
    for seed in range(300):
        rows = rng.normal(size=(n, 5))
        other = rng.permutation(n)
        found.append(alignment(view(rows, 0.1, seed), view(rows, 0.1, 1000 + seed)[np.ix_(other, other)]))
    assert abs(np.mean(found)) < 4 * standard_error(n) / np.sqrt(300)
    assert np.std(found) == pytest.approx(standard_error(n), rel=0.25)


def test_a_constant_view_and_a_handful_of_rows_say_nothing():
    rows = np.random.default_rng(0).normal(size=(3, 5))
    assert alignment(np.ones((9, 9)), view(np.eye(9), 0.1, 0)) == 0.0
    assert alignment(rows @ rows.T, rows @ rows.T) == 0.0
    assert standard_error(3) == np.inf


def test_centred_rows_sum_to_nothing():
    centred = u_centred(view(np.random.default_rng(0).normal(size=(20, 3)), 1.0, 0))
    assert np.abs(centred.sum(1)).max() < 1e-9
    assert (np.diag(centred) == 0).all()
