"""Kernel ridge regression with every fold's out-of-fold scores from one eigendecomposition.

For a Gram matrix K and penalty a, H = K (K + a I)^-1 maps targets to fitted values. Rows F that are held
out together have the exact out-of-fold scores ``y_F - (I - H_FF)^-1 (y_F - (H y)_F)`` (the block form of
leave-one-out, e.g. Golub, Heath & Wahba 1979; Pahikkala et al. 2006), so folds, repeats and penalties
share one O(n^3) step, and a solve in the size of a fold each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from headstart.core.folds import Folds

Array = NDArray[np.float64]

# Penalties relative to the mean of the Gram matrix's diagonal. Below 1e-3 and above 1 hardly a winner was
# seen on the development sets at 5 to 50 labels a class, and a factor of 3 is as fine as a ridge can feel.
PENALTIES: tuple[float, ...] = (1e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0)
HAT_UP_TO = 2000  # rows up to which the whole hat matrix is formed once instead of its blocks one by one
TIE_DECIMALS = 7
CLIP = 5.0  # standard deviations


def gram(features: NDArray[np.floating]) -> Array:
    """[n, n] linear Gram matrix of standardised features [n, d], scaled to a mean diagonal of 1.

    Columns are centred and divided by their standard deviation (constant columns drop out).

    >>> gram(np.array([[0.0, 1.0], [2.0, 1.0]])).round(1).tolist()
    [[1.0, -1.0], [-1.0, 1.0]]
    """
    scaled = standardise(features, *moments(features))
    return normalised(scaled @ scaled.T)


def mean_gram(parts: Iterable[NDArray[np.floating]]) -> Array:
    """[n, n] mean of the Gram matrices of features [n, d]: side by side, each with equal weight."""
    return np.asarray(np.mean([gram(features) for features in parts], axis=0))


def moments(features: NDArray[np.floating]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean [d] and inverse standard deviation [d] (0 for a constant column) of features [n, d]."""
    mean = features.mean(0, dtype=np.float64)
    spread = features.std(0, dtype=np.float64)
    floor = 1e-6 * max(float(np.abs(mean).max(initial=0.0)), 1e-12)
    inverse = np.where(spread > floor, 1.0 / np.maximum(spread, 1e-300), 0.0)
    return mean.astype(np.float32), inverse.astype(np.float32)


def standardise(
    features: NDArray[np.floating], mean: NDArray[np.floating], inverse: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Features [n, d] centred, scaled with given moments and clipped to +-CLIP.

    Without the clip one outlying row of a far source decides its own prediction, and a score on the rows
    that took part in the moments promises too much (seen: .05 nats on a random network's features).
    """
    return np.asarray(np.clip((features - mean) * inverse, -CLIP, CLIP), dtype=np.float32)


def normalised(kernel: NDArray[np.floating]) -> Array:
    """The kernel in float64 with a mean diagonal of 1 (a zero kernel stays zero)."""
    mean = float(np.trace(kernel)) / max(len(kernel), 1)
    return np.asarray(kernel, dtype=np.float64) / (mean if mean > 0 else 1.0)


@dataclass(frozen=True)
class Spectrum:
    """Eigendecomposition of a Gram matrix: vectors [n, n], values [n] >= 0."""

    vectors: Array
    values: Array

    @classmethod
    def of(cls, kernel: NDArray[np.floating]) -> Spectrum:
        """Decompose a symmetric positive semi-definite kernel [n, n]."""
        values, vectors = scipy.linalg.eigh(kernel, driver="evd", overwrite_a=False, check_finite=False)
        return cls(np.asarray(vectors), np.maximum(values, 0.0))

    def dual(self, targets: Array, penalty: float) -> Array:
        """Dual coefficients [n, k] = (K + a I)^-1 y, for scores ``K(new, train) @ dual``."""
        shrink = 1.0 / (self.values + penalty)
        return np.asarray(self.vectors @ (shrink[:, None] * (self.vectors.T @ targets)))

    def out_of_fold(self, targets: Array, folds: Folds, penalties: Sequence[float] = PENALTIES) -> Array:
        """Scores [penalties, repeats, n, k] of rows by models that were fitted without their fold."""
        result = np.empty((len(penalties), folds.n_repeats, *targets.shape))
        for index, penalty in enumerate(penalties):
            without = self._leaving_out(targets, penalty)
            for repeat, _, _, held in folds.splits():
                result[index, repeat, held] = without(held)
        return result

    def nested(self, targets: Array, folds: Folds, penalties: Sequence[float] = PENALTIES) -> Array:
        """Scores [penalties, repeats, folds, n, k] by models fitted without fold f *and* the row's own fold.

        Entry [.., f, i, :] is what a person who had never seen fold f would get for row i by
        cross-validation on the rest; NaN where i lies in f. Settings for fold f must be chosen on these:
        the plain out-of-fold scores of the other rows were made with fold f's labels, and because a
        kernel is symmetric they flatter exactly the settings that flatter fold f.
        """
        shape = (len(penalties), folds.n_repeats, folds.n_folds, *targets.shape)
        result = np.full(shape, np.nan)
        for index, penalty in enumerate(penalties):
            without = self._leaving_out(targets, penalty)
            for repeat, assignment in enumerate(folds.assignment):
                members = [np.flatnonzero(assignment == fold) for fold in range(folds.n_folds)]
                for first, second in combinations(range(folds.n_folds), 2):
                    a, b = members[first], members[second]
                    scores = without(np.concatenate([a, b]))
                    result[index, repeat, second, a] = scores[: len(a)]
                    result[index, repeat, first, b] = scores[len(a) :]
        return result

    def _leaving_out(self, targets: Array, penalty: float) -> Callable[[NDArray[np.int64]], Array]:
        """A function: rows -> their scores [rows, k] by the model fitted without all of them."""
        gain = self.values / (self.values + penalty)
        residual = targets - self.vectors @ (gain[:, None] * (self.vectors.T @ targets))
        is_small = len(targets) <= HAT_UP_TO
        hat = (self.vectors * gain) @ self.vectors.T if is_small else None

        def without(rows: NDArray[np.int64]) -> Array:
            if hat is None:
                vectors = self.vectors[rows]
                among = (vectors * gain) @ vectors.T
            else:
                among = hat[np.ix_(rows, rows)]
            block = np.eye(len(rows)) - among
            _, solved, failed = scipy.linalg.lapack.dposv(block, residual[rows])
            if failed:
                raise np.linalg.LinAlgError("the Gram matrix is not positive semi-definite")
            # Where features say nothing, classes tie; rounding errors carry the row's own label with the
            # wrong sign and would break every tie against the truth.
            return np.asarray(np.round(targets[rows] - solved, TIE_DECIMALS))

        return without
