"""Another look at a batch of pictures: part of it, mirrored, in other colours, less sharp.

All on tensors and a batch at a time, every picture its own draw: torchvision's transforms draw once for a
whole batch, and picture by picture they cost more than the small network's step. Values are the network's
own (standardised); draws are torch's, so that a saved random state repeats them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

LEAST_AREA = 0.25  # of the picture, kept by a crop (SimCLR's .08 loses the object on small pictures)
ASPECT = 4 / 3  # and its inverse
BRIGHTNESS, CONTRAST, SATURATION = 0.6, 0.5, 0.6  # standardised units; factors of 1 -+ so much
GREY_CHANCE, BLUR_CHANCE = 0.2, 0.3


def another_look(pictures: torch.Tensor) -> torch.Tensor:
    """An augmented copy of pictures [b, 3, side, side]."""
    return recoloured(blurred(cropped(pictures)))


def cropped(pictures: torch.Tensor) -> torch.Tensor:
    """A random part of each (area LEAST_AREA … 1), every other one mirrored, at the size it had."""
    import torch

    b = len(pictures)
    area = torch.empty(b).uniform_(LEAST_AREA, 1.0).sqrt()
    stretch = torch.empty(b).uniform_(-math.log(ASPECT), math.log(ASPECT)).div(2).exp()
    wide, high = (area * stretch).clamp(max=1.0), (area / stretch).clamp(max=1.0)
    mirror = 1.0 - 2.0 * torch.randint(2, (b,))
    transform = torch.zeros(b, 2, 3)
    transform[:, 0, 0], transform[:, 1, 1] = wide * mirror, high
    transform[:, 0, 2] = (2 * torch.rand(b) - 1) * (1 - wide)
    transform[:, 1, 2] = (2 * torch.rand(b) - 1) * (1 - high)
    grid = torch.nn.functional.affine_grid(transform, list(pictures.shape), align_corners=False)
    return torch.nn.functional.grid_sample(pictures, grid, padding_mode="border", align_corners=False)


def recoloured(pictures: torch.Tensor) -> torch.Tensor:
    """Brighter or darker, more or less contrast and colour; one in five grey."""
    import torch

    def draw(reach: float, centre: float) -> torch.Tensor:
        return torch.empty(len(pictures), 1, 1, 1).uniform_(centre - reach, centre + reach)

    grey = pictures.mean(1, keepdim=True)
    colour = draw(SATURATION, 1.0) * (torch.rand(len(pictures), 1, 1, 1) >= GREY_CHANCE)
    mixed = grey + colour * (pictures - grey)
    middle = mixed.mean((1, 2, 3), keepdim=True)
    return middle + draw(CONTRAST, 1.0) * (mixed - middle) + draw(BRIGHTNESS, 0.0)


def blurred(pictures: torch.Tensor) -> torch.Tensor:
    """Some of them through a 3 x 3 binomial filter."""
    import torch

    line = torch.tensor([0.25, 0.5, 0.25])
    kernel = (line[:, None] * line).expand(pictures.shape[1], 1, 3, 3)
    padded = torch.nn.functional.pad(pictures, (1, 1, 1, 1), mode="replicate")
    soft = torch.nn.functional.conv2d(padded, kernel, groups=pictures.shape[1])
    chosen = torch.rand(len(pictures), 1, 1, 1) < BLUR_CHANCE
    return torch.where(chosen, soft, pictures)
