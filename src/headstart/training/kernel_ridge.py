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
Without = Callable[[NDArray[np.int64]], Array]  # rows -> their scores by the model without all of them

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
        return np.stack([outer(self._leaving_out(targets, one), targets, folds) for one in penalties])

    def nested(
        self, targets: Array, folds: Folds, penalties: Sequence[float] = PENALTIES
    ) -> tuple[Array, Array]:
        """`out_of_fold`, and scores by models fitted without fold f *and* the row's own fold.

        Entry [penalty, repeat, f, i, :] of the second is what a person who had never seen fold f would get
        for row i by cross-validation on the rest; NaN where i lies in f. Settings for fold f must be chosen
        on these: the plain out-of-fold scores of the other rows were made with fold f's labels, and because
        a kernel is symmetric they flatter exactly the settings that flatter fold f.
        """
        plain, pairs = [], []
        for penalty in penalties:
            without = self._leaving_out(targets, penalty)
            plain.append(outer(without, targets, folds))
            pairs.append(inner(without, targets, folds))
        return np.stack(plain), np.stack(pairs)

    def _leaving_out(self, targets: Array, penalty: float) -> Without:
        """A function: rows -> their scores [rows, k] by the model fitted without all of them."""
        gain = self.values / (self.values + penalty)
        residual = targets - self.vectors @ (gain[:, None] * (self.vectors.T @ targets))
        is_small = len(targets) <= HAT_UP_TO
        root = self.vectors * np.sqrt(gain)  # of a product with itself only one half is computed
        hat = root @ root.T if is_small else None

        def without(rows: NDArray[np.int64]) -> Array:
            among = root[rows] @ root[rows].T if hat is None else hat.take(rows, 0).take(rows, 1)
            block = np.negative(among, out=among)
            block.flat[:: len(rows) + 1] += 1.0
            _, solved, failed = scipy.linalg.lapack.dposv(block, residual[rows])
            if failed:
                raise np.linalg.LinAlgError("the Gram matrix is not positive semi-definite")
            # Where features say nothing, classes tie; rounding errors carry the row's own label with the
            # wrong sign and would break every tie against the truth.
            return np.asarray(np.round(targets[rows] - solved, TIE_DECIMALS))

        return without


def outer(without: Without, targets: Array, folds: Folds) -> Array:
    """Scores [repeats, n, k], each row's by the model without its fold."""
    result = np.empty((folds.n_repeats, *targets.shape))
    for repeat, _, _, held in folds.splits():
        result[repeat, held] = without(held)
    return result


def inner(without: Without, targets: Array, folds: Folds) -> Array:
    """Scores [repeats, folds, n, k] by the models without two folds; NaN for the first fold's own rows."""
    result = np.full((folds.n_repeats, folds.n_folds, *targets.shape), np.nan)
    for repeat, assignment in enumerate(folds.assignment):
        members = [np.flatnonzero(assignment == fold) for fold in range(folds.n_folds)]
        for first, second in combinations(range(folds.n_folds), 2):
            a, b = members[first], members[second]
            scores = without(np.concatenate([a, b]))
            result[repeat, second, a] = scores[: len(a)]
            result[repeat, first, b] = scores[len(a) :]
    return result
