"""Images known again by their thumbnails: re-encoded, resized, or taken in one burst.

What all images of a set share (the grid of a solar cell, the black around a digit) must not make them alike:
thumbnails are compared after the set's mean is taken off. And what is alike in crowds is a kind, not a copy:
the more neighbours an image has, the closer a copy of it must be.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from headstart.core.task import Inputs

SIDE = 16  # pixels; finer ones tell noise and JPEG blocks apart, coarser ones join different photos

# On the six image sets beside the project, MNIST and elpv: copies at JPEG quality 50 and at half or 1.4 times
# the side correlate above .967 (all but 32-pixel images halved and then compressed); see docs/checks.md.
COPY = 0.95  # correlation from which an image without other neighbours is a copy
NEIGHBOUR = 0.85
STEP = 0.005  # by so much more a copy must correlate for each further neighbour …
SURE = 0.99  # … up to this
SHRINKAGE = 20  # images; the mean of a smaller set is more the images themselves than what they share
FAINTEST = 2.0  # grey levels of contrast; below it noise would be compared
_BLOCK = 2048


def thumbnail(image: Image.Image) -> bytes:
    """`image` as 16 x 16 grey bytes, area-averaged.

    >>> len(thumbnail(Image.new("RGB", (64, 48))))
    256
    """
    return image.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX).tobytes()


def thumbnails(inputs: Inputs) -> NDArray[np.uint8]:
    """[n, 256] thumbnails: those that loading made, or made now."""
    made = getattr(inputs, "thumbnails", None)
    if made is not None:
        return np.asarray(made)
    joined = b"".join(thumbnail(inputs.read(row)) for row in range(len(inputs)))
    return np.frombuffer(joined, dtype=np.uint8).reshape(len(inputs), -1)


def near_pairs(thumbs: NDArray[np.uint8]) -> NDArray[np.int64]:
    """[p, 2] rows whose thumbnails [n, 256] all but agree. Exact: all pairs are compared, in blocks."""
    shapes = _shapes(thumbs)
    neighbours = np.zeros(len(shapes))
    found: list[NDArray[np.int64]] = [np.empty((0, 2), dtype=np.int64)]
    closeness: list[NDArray[np.float32]] = [np.empty(0, dtype=np.float32)]
    for top in range(0, len(shapes), _BLOCK):
        for left in range(top, len(shapes), _BLOCK):
            alike = shapes[top : top + _BLOCK] @ shapes[left : left + _BLOCK].T
            if top == left:
                alike = np.triu(alike, 1)
            a, b = np.nonzero(alike > NEIGHBOUR)
            np.add.at(neighbours, a + top, 1)
            np.add.at(neighbours, b + left, 1)
            close = alike[a, b] > COPY
            found.append(np.stack([a[close] + top, b[close] + left], axis=1))
            closeness.append(alike[a, b][close])
    pairs = np.concatenate(found)
    crowd = neighbours[pairs].max(axis=1, initial=1)
    needed = np.minimum(SURE, COPY + STEP * (crowd - 1))
    copies: NDArray[np.int64] = pairs[np.concatenate(closeness) > needed]
    return copies


def _shapes(thumbs: NDArray[np.uint8]) -> NDArray[np.float32]:
    """[n, 256] unit vectors: brightness, contrast and what the set shares are taken off; faint ones are 0."""
    grey = thumbs.astype(np.float32)
    grey -= grey.mean(axis=1, keepdims=True)
    contrast = np.sqrt((grey**2).mean(axis=1, keepdims=True))
    grey /= contrast + 8.0  # a floor, so that noise does not count as much as a picture in the mean
    grey -= grey.mean(axis=0) * (len(grey) / (len(grey) + SHRINKAGE))
    length = np.linalg.norm(grey, axis=1, keepdims=True)
    return np.where(contrast > FAINTEST, grey / np.maximum(length, 1e-6), 0.0).astype(np.float32)
