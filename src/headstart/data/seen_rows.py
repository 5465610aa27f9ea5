"""Which rows something learned from: their content hashes, small enough to keep beside it."""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import StoreError
from headstart.core.task import Inputs

Rows = NDArray[np.uint64]

FILE = "rows.safetensors"
MOST = 2**20  # hashes: 8 MB; of larger data the smallest are kept, the same share of any other data's rows


def seen_rows(inputs: Inputs) -> Rows:
    """[m] the sorted, distinct 64-bit hashes of the examples' contents, MOST of them at most."""
    return np.unique(_hashed(inputs))[:MOST]


def among(inputs: Inputs, rows: Rows) -> NDArray[np.bool_]:
    """[n] which examples' contents are in `rows`."""
    return np.isin(_hashed(inputs), rows)


def shared(one: Rows, other: Rows) -> int:
    """How many contents both have.

    >>> shared(np.array([1, 5, 9], np.uint64), np.array([5, 7], np.uint64))
    1
    """
    return len(np.intersect1d(one, other, assume_unique=True))


def _hashed(inputs: Inputs) -> Rows:
    digests = (blake2b(content.encode(), digest_size=8).digest() for content in inputs.hashes)
    return np.frombuffer(b"".join(digests), dtype=np.uint64)


def write(rows: Rows, path: Path) -> None:
    """Keep them in a safetensors file."""
    from safetensors.numpy import save_file

    save_file({"rows": rows}, path)


def parsed(content: bytes, where: str) -> Rows:
    """The inverse of `write`, from the file's content.

    Raises:
        StoreError: it is damaged, or another file.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        return np.asarray(load(content)["rows"], dtype=np.uint64)
    except (SafetensorError, KeyError) as error:
        raise StoreError(
            f"the list of rows cannot be read ({error})", where=where, expected="a whole safetensors file"
        ) from error


def read(path: Path) -> Rows:
    """The inverse of `write`.

    Raises:
        StoreError: the file is missing, damaged or another one.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StoreError(f"the list of rows cannot be read ({error.strerror})", where=str(path)) from error
    return parsed(content, str(path))
