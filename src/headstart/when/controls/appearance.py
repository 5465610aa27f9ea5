"""What a picture looks like without any learned knowledge: colours, gradients, a thumbnail.

Histograms of oriented gradients (Dalal & Triggs, CVPR 2005) on a 64-pixel view, a joint colour histogram,
and a 12-pixel thumbnail: the features that a careful person would try first without a network.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIDE = 64  # pixels
CELL = 8  # pixels a side of a gradient cell
ORIENTATIONS = 9


def gradients(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """[n, 64, 64] grey values in 0…1 to [n, 8 * 8 * 9] block-normalised orientation histograms."""
    dy, dx = np.gradient(grey, axis=(1, 2))
    magnitude = np.hypot(dx, dy)
    angle = np.mod(np.arctan2(dy, dx), np.pi) * (ORIENTATIONS / np.pi)
    lower = np.floor(angle).astype(np.int64) % ORIENTATIONS
    share = angle - np.floor(angle)
    n, cells = len(grey), SIDE // CELL
    histogram = np.zeros((n, cells, cells, ORIENTATIONS), np.float32)
    for orientation in range(ORIENTATIONS):
        vote = np.where(lower == orientation, magnitude * (1 - share), 0)
        vote += np.where((lower + 1) % ORIENTATIONS == orientation, magnitude * share, 0)
        histogram[..., orientation] = vote.reshape(n, cells, CELL, cells, CELL).sum((2, 4))
    energy = np.pad((histogram**2).sum(-1), ((0, 0), (1, 1), (1, 1)), mode="edge")
    around = sum(energy[:, i : i + cells, j : j + cells] for i in range(3) for j in range(3))
    normed = histogram / np.sqrt(np.asarray(around)[..., None] + 1e-3)
    return np.minimum(normed, 0.4).reshape(n, -1)


def colours(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """[n, 64, 64, 3] in 0…1 to [n, 64 + 48]: a joint 4x4x4 histogram (square root) and a coarse layout."""
    n = len(pixels)
    bins = np.minimum((pixels * 4).astype(np.int64), 3)
    index = bins[..., 0] * 16 + bins[..., 1] * 4 + bins[..., 2]
    flat = (index.reshape(n, -1) + 64 * np.arange(n)[:, None]).ravel()
    histogram = np.bincount(flat, minlength=64 * n).reshape(n, 64) / SIDE**2
    layout = pixels.reshape(n, 4, SIDE // 4, 4, SIDE // 4, 3).mean((2, 4)).reshape(n, -1)
    return np.concatenate([np.sqrt(histogram), layout], 1).astype(np.float32)


def features(images: NDArray[np.uint8]) -> dict[str, NDArray[np.float32]]:
    """[n, 64, 64, 3] bytes to the groups of features: ``gradients`` and ``colours``.

    >>> {name: part.shape for name, part in features(np.zeros((2, 64, 64, 3), np.uint8)).items()}
    {'gradients': (2, 576), 'colours': (2, 112)}
    """
    pixels = images.astype(np.float32) / 255.0
    grey = pixels @ np.array([0.299, 0.587, 0.114], np.float32)
    return {"gradients": gradients(grey), "colours": colours(pixels)}
