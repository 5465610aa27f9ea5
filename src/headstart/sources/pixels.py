"""From a picture to a network's input. Raise VERSION when a change here changes what networks see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

VERSION = 1

# A large photo is first reduced to this shortest side (box filter, cheap), whatever sizes are asked for
# later, so that a picture is decoded once for all sources and its features do not depend on which sources
# are in play.
WORKING_SIDE = 512


def working_copy(picture: Image.Image) -> Image.Image:
    """The picture at most about 2 x WORKING_SIDE on its shortest side; small ones as they are."""
    factor = min(picture.size) // WORKING_SIDE
    return picture.reduce(factor) if factor > 1 else picture


def resized(picture: Image.Image, size: int, interpolation: str) -> NDArray[np.uint8]:
    """[size, size, 3]: the whole picture, squeezed to the square.

    Nothing is cropped: in inspection and in leaf photos what matters may lie at the edge.
    """
    filter = Image.Resampling[interpolation.upper()]
    copy = working_copy(picture)
    if copy.mode != "RGB":
        copy = copy.convert("RGB")
    return np.asarray(copy if copy.size == (size, size) else copy.resize((size, size), filter))


def normalised(
    batch: NDArray[np.uint8], preprocessing: Mapping[str, Any], *, flip: bool = False
) -> torch.Tensor:
    """[b, 3, side, side] float32 in channels-last memory from [b, side, side, 3] bytes."""
    if flip:
        batch = batch[:, :, ::-1]
    if preprocessing.get("channels") == "bgr":
        batch = batch[..., ::-1]
    mean = torch.tensor(preprocessing["mean"], dtype=torch.float32) * 255
    std = torch.tensor(preprocessing["std"], dtype=torch.float32) * 255
    tensor = torch.from_numpy(np.ascontiguousarray(batch)).float()
    return tensor.sub_(mean).div_(std).permute(0, 3, 1, 2)


def samples(n: int, size: int) -> list[NDArray[np.uint8]]:
    """Made-up pictures [size, size, 3], for timing: smooth, as photos are."""
    coarse = np.random.default_rng(0).integers(0, 256, (n, 8, 8, 3), dtype=np.uint8)
    return [resized(Image.fromarray(picture), size, "bicubic") for picture in coarse]
