"""Randomness comes from one seed, passed on."""

from __future__ import annotations

import hashlib

import numpy as np


def derive(seed: int, *names: str | int) -> int:
    """A seed (0 … 2**32 - 1) for one named purpose: independent of the order in which purposes ask.

    >>> derive(0, "folds") == derive(0, "folds"), derive(0, "folds") == derive(0, "bootstrap")
    (True, False)
    """
    text = "/".join(str(part) for part in (seed, *names))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def generator(seed: int, *names: str | int) -> np.random.Generator:
    """A NumPy generator for one named purpose."""
    return np.random.default_rng(derive(seed, *names))
