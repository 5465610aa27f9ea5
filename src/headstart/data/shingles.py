"""Texts known again by the runs of letters that they share.

Similarity is the Jaccard index of the sets of 5-letter runs (shingles) of the normalised texts. Pairs are
proposed by min-hashing and banding (Broder 1997; Leskovec, Rajaraman & Ullman, Mining of Massive Datasets,
ch. 3) and then checked exactly, so the cost grows with the letters, not with the pairs.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

LETTERS = 5
SIMILAR = 0.85  # Jaccard index; one changed word in a sentence of ten stays below it
ROWS, BANDS = (
    6,
    12,
)  # min-hashes in a band: a pair at .85 is proposed with probability .997, one at .5 with .17
LEAST_AGREEMENT = (
    0.7  # of the 72 min-hashes; 3.5 standard errors below .85: fewer are not worth the exact check
)
SKETCHED = 256  # the least hashes of a long text stand for all of them
CROWD = 50  # of more texts in one bucket, each is compared with its next 50 only

# Odd numbers from a fixed seed: the same sketches in every process and run.
_FACTORS = np.random.default_rng(0).integers(0, 2**64, ROWS * BANDS, dtype=np.uint64) | np.uint64(1)
_NOT_WORDS = re.compile(r"[\W_]+")


def normalised(text: str) -> str:
    """Case, punctuation and blanks taken off.

    >>> normalised("  It's GOOD!  ")
    'it s good'
    """
    return _NOT_WORDS.sub(" ", text.casefold()).strip()


def near_pairs(texts: Sequence[str]) -> NDArray[np.int64]:
    """[p, 2] rows whose texts all but agree; of a chain of alike texts not every pair is given.

    >>> near_pairs(["The film was good.", "a bad one", "the film  was good"]).tolist()
    [[0, 2]]
    """
    pairs = _equal_pairs(texts)
    repeated = {later for _, later in pairs}
    rows = [row for row in range(len(texts)) if row not in repeated]
    for a, b in _proposals(texts, rows):
        if jaccard(_shingles(texts[a]), _shingles(texts[b])) >= SIMILAR:
            pairs.append((a, b))
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)


def jaccard(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> float:
    """Shared over all of two sorted sets; 0 when both are empty."""
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / max(1, len(a) + len(b) - shared)


def _equal_pairs(texts: Sequence[str]) -> list[tuple[int, int]]:
    """Each row whose normalised text was seen, with the first such row."""
    first: dict[int, int] = {}
    pairs = []
    for row, text in enumerate(texts):
        plain = normalised(text)
        if plain:
            known = first.setdefault(_hash(plain), row)
            if known != row:
                pairs.append((known, row))
    return pairs


def _hash(text: str) -> int:
    """A 64-bit hash that is the same in every process."""
    return int.from_bytes(
        hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big"
    )


def _shingles(text: str) -> NDArray[np.uint64]:
    """Sorted hashes of the runs of letters of a text."""
    plain = normalised(text)
    letters = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    if len(letters) < LETTERS:
        return np.empty(0, dtype=np.uint64)
    runs = np.zeros(len(letters) - LETTERS + 1, dtype=np.uint64)
    for at in range(LETTERS):
        runs = runs * np.uint64(1_000_003) + letters[at : at + len(runs)]
    # splitmix64's finaliser (Steele et al. 2014): neighbouring runs must not have neighbouring hashes.
    runs = (runs ^ (runs >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    runs = (runs ^ (runs >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.unique(runs ^ (runs >> np.uint64(31)))


def _sketch(shingles: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """[ROWS * BANDS] min-hashes of a set that is not empty."""
    permuted = shingles[:SKETCHED, None] * _FACTORS  # odd factors: one-to-one modulo 2 ** 64
    least: NDArray[np.uint32] = (permuted.min(axis=0) >> np.uint64(32)).astype(np.uint32)
    return least


def _proposals(texts: Sequence[str], rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pairs of `rows` that agree in a band and nearly enough overall, each once.

    A bucket of a crowd is walked in the order of the lengths of its texts: copies have nearly the same.
    """
    sketches = {row: _sketch(shingles) for row in rows if len(shingles := _shingles(texts[row]))}
    seen: set[tuple[int, int]] = set()
    for band in range(0, ROWS * BANDS, ROWS):
        buckets: dict[bytes, list[int]] = defaultdict(list)
        for row, sketch in sketches.items():
            buckets[sketch[band : band + ROWS].tobytes()].append(row)
        for members in buckets.values():
            if len(members) > CROWD:
                members.sort(key=lambda row: (len(texts[row]), row))
            for at, a in enumerate(members):
                for b in members[at + 1 : at + 1 + CROWD]:
                    pair = (min(a, b), max(a, b))
                    if pair not in seen and (sketches[a] == sketches[b]).mean() >= LEAST_AGREEMENT:
                        seen.add(pair)
                        yield pair
