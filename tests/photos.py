"""Photos of stripes in two folders."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

ROWS = 12  # a class


def photos(folder: Path, seed: int, rows: int = ROWS) -> Path:
    """Stripes along or across, of any colour: easy for edges, impossible for colours."""
    rng = np.random.default_rng(seed)
    for name, axis in (("along", 0), ("across", 1)):
        (folder / name).mkdir(parents=True)
        for index in range(rows):
            wave = np.sin(np.arange(48) / rng.uniform(1, 3))[:, None] * np.ones((1, 48))
            shade = 128 + 60 * (wave if axis == 0 else wave.T) + rng.normal(0, 25, (48, 48))
            pixels = np.clip(shade[..., None] * rng.uniform(0.5, 1, 3), 0, 255)
            Image.fromarray(pixels.astype(np.uint8)).save(folder / name / f"{seed}-{index}.png")
    return folder
