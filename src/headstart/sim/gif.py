"""Frames to a GIF that stays below a size: fewer frames, then fewer colours, then smaller ones."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

PALETTE_FROM = 12  # frames, evenly spread, whose colours decide for all
# What is tried in turn: every n-th frame, colours, share of the side.
STEPS_DOWN = ((1, 64, 1.0), (1, 32, 1.0), (2, 32, 1.0), (2, 16, 0.75), (3, 16, 0.6), (6, 16, 0.5))


class Reel:
    """Small frames in the order they were taken, evenly spaced, never more than `most`.

    When it is full, every second one is dropped, and from then on only every second one is taken: memory
    stays flat however long it runs. `spacing` is how many calls of `add` lie between two frames.
    """

    def __init__(self, side_pixels: int, most: int = 256) -> None:
        self.side_pixels, self.most = side_pixels, most
        self.frames: list[Image] = []
        self.spacing, self._calls = 1, 0

    @property
    def due(self) -> bool:
        """Whether the next frame would be kept: others need not be drawn at all."""
        return self._calls % self.spacing == 0

    def add(self, frame: NDArray[np.uint8] | None) -> None:
        """The next frame; None where it was not `due`."""
        if self.due and frame is not None:
            self.frames.append(_small(frame, self.side_pixels))
        self._calls += 1
        if len(self.frames) > self.most:
            self.frames = self.frames[::2]
            self.spacing *= 2

    def end(self, frame: NDArray[np.uint8]) -> None:
        """The last frame, kept whether it is due or not: how it ended is what people look for."""
        self.frames.append(_small(frame, self.side_pixels))


def gif(frames: list[Image], frame_ms: float, max_bytes: int, *, hold_ms: float = 0.0) -> bytes | None:
    """The frames as a GIF that repeats for ever, the last one held for `hold_ms` more; None: too large.

    The same frames give the same bytes.
    """
    for every, colours, share in STEPS_DOWN:
        taken = frames[::every]
        if taken[-1] is not frames[-1]:
            taken = [*taken, frames[-1]]
        small = [_shrunk(frame, share) for frame in taken]
        data = _encoded(small, colours, frame_ms * every, hold_ms)
        if len(data) <= max_bytes:
            return data
    return None


def _encoded(frames: list[Image], colours: int, frame_ms: float, hold_ms: float) -> bytes:
    from PIL import Image

    palette = _palette(frames, colours)
    drawn = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    hundredths = [_hundredths(frame_ms)] * len(drawn)
    hundredths[-1] += round(hold_ms / 10)
    stream = BytesIO()
    drawn[0].save(
        stream,
        "GIF",
        save_all=True,
        append_images=drawn[1:],
        duration=[10 * one for one in hundredths],
        loop=0,
        optimize=False,
    )
    return stream.getvalue()


def _hundredths(ms: float) -> int:
    return max(2, round(ms / 10))  # browsers slow anything faster down to a tenth of a second


def _palette(frames: list[Image], colours: int) -> Any:
    """One palette for all frames, from a strip of some of them."""
    from PIL import Image

    chosen = [frames[int(at)] for at in np.linspace(0, len(frames) - 1, min(PALETTE_FROM, len(frames)))]
    strip = Image.fromarray(np.concatenate([np.asarray(one) for one in chosen]))
    return strip.quantize(colours, method=Image.Quantize.MEDIANCUT)


def _small(frame: NDArray[np.uint8], side_pixels: int) -> Image:
    """The frame with its longer side at most `side_pixels`."""
    from PIL import Image

    whole = Image.fromarray(frame)
    return _shrunk(whole, side_pixels / max(whole.size))


def _shrunk(frame: Image, share: float) -> Image:
    from PIL import Image

    if share >= 1.0:
        return frame
    wide, high = (max(1, round(share * one)) for one in frame.size)
    return frame.resize((wide, high), Image.Resampling.BOX)
