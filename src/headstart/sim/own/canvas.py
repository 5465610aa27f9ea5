"""A picture to draw on, without a window and without a graphics library."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Colour = tuple[int, int, int]


class Canvas:
    """`size` × `size` pixels; places are in units of the side, (0, 0) bottom left, (1, 1) top right."""

    def __init__(self, size: int, ground: Colour) -> None:
        self.size = size
        self.pixels: NDArray[np.uint8] = np.full((size, size, 3), ground, dtype=np.uint8)

    def box(self, x: float, y: float, wide: float, high: float, colour: Colour) -> None:
        """A filled rectangle around (x, y); what lies outside the picture is cut off."""
        left, right = self._pixel(x - wide / 2), self._pixel(x + wide / 2)
        top, bottom = self._pixel(1 - y - high / 2), self._pixel(1 - y + high / 2)
        self.pixels[top : max(bottom, top + 1), left : max(right, left + 1)] = colour

    def line(self, xs: NDArray[np.float64], ys: NDArray[np.float64], wide: float, colour: Colour) -> None:
        """Dots along [n] places, close enough together to be a line."""
        for x, y in zip(xs.tolist(), ys.tolist(), strict=True):
            if 0 <= x <= 1 and 0 <= y <= 1:
                self.box(x, y, wide, wide, colour)

    def _pixel(self, at: float) -> int:
        return int(min(max(round(at * self.size), 0), self.size))
