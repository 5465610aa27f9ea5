"""Small pictures and folders of them, made when a test asks."""

from pathlib import Path

import numpy as np
from PIL import Image


def photo(seed: int, side: int = 64) -> Image.Image:
    """A smooth random picture: unlike any other, and robust to re-encoding as photos are."""
    coarse = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((side, side), Image.Resampling.BICUBIC)


def folder(root: Path, classes: dict[str, int], side: int = 64) -> Path:
    """A subfolder per class with so many different photos."""
    seed = 0
    for name, count in classes.items():
        (root / name).mkdir(parents=True)
        for at in range(count):
            photo(seed := seed + 1, side).save(root / name / f"{at:03}.png")
    return root
