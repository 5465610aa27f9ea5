"""One BLAS thread a worker: many small problems on several threads each wait for one another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Inside, NumPy and SciPy use one thread (a small benchmark was 7 times slower without it)."""
    import numpy as np  # noqa: F401  a library that is not loaded yet cannot be limited
    import scipy.linalg  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"):
        yield
