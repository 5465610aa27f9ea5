"""Any image file or array to 8-bit RGB, with bounded memory.

Decisions (docs/bad-input.md): EXIF orientation is applied; CMYK, palettes and grey become RGB; what is
transparent is laid on white; of an animation the first frame counts; 16-bit grey is scaled, not clipped.
"""

from __future__ import annotations

import io
import math
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from headstart.data.content import HEAD_BYTES, image_format

READ_PIXELS = 1024 * 1024  # no source reads more than 518 px a side; larger images are reduced on decoding
MAX_PIXELS = 180_000_000  # 180 MP in RGB are 540 MB: the most that one image may take
_LARGE_PIXELS = 16_000_000  # such images are decoded one at a time, so that threads do not multiply them
_one_at_a_time = threading.RLock()
_ORIENTATION_TAG = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class TooLarge(Exception):
    """The image has more pixels than may be decoded."""


class NotAnImage(Exception):
    """The bytes are no image of a known format."""


def open_bytes(data: bytes) -> Image.Image:
    """The image in `data`, header read, pixels not yet.

    Pillow's own guard against decompression bombs works by a global and by warnings; the format's reader is
    therefore called directly and the size judged by `decode`.
    """
    name = image_format(data[:HEAD_BYTES])
    if not name:
        raise NotAnImage
    Image.preinit()
    if name not in Image.OPEN:
        Image.init()
    if name not in Image.OPEN:
        raise NotAnImage
    reader, _ = Image.OPEN[name]
    return reader(io.BytesIO(data), "")


def decode(image: Image.Image, pixels: int = READ_PIXELS) -> Image.Image:
    """An opened image as RGB, upright, reduced (area-averaged) to at most about `pixels` pixels.

    Raises:
        TooLarge: it has more than `MAX_PIXELS` to decode; a JPEG counts as what its reader can reduce it to.
    """
    turn = _TURNS.get(_orientation(image))
    shrink = math.sqrt(pixels / max(1, image.width * image.height))
    if shrink < 1:
        image.draft(None, (math.ceil(image.width * shrink), math.ceil(image.height * shrink)))
    area = image.width * image.height
    if area > MAX_PIXELS:
        raise TooLarge
    if area > _LARGE_PIXELS:
        with _one_at_a_time:
            return _upright(image, turn, pixels)
    return _upright(image, turn, pixels)


def _upright(image: Image.Image, turn: Image.Transpose | None, pixels: int) -> Image.Image:
    image.load()
    factor = int(math.sqrt(image.width * image.height / pixels))
    if factor >= 2 and image.mode in {"L", "RGB", "CMYK", "RGBA"}:
        image = image.reduce(factor)  # before conversion: cheaper, and the large copy is freed
    rgb = to_rgb(image)
    shrink = math.sqrt(pixels / (rgb.width * rgb.height))
    if shrink < 1:
        size = (max(1, round(rgb.width * shrink)), max(1, round(rgb.height * shrink)))
        rgb = rgb.resize(size, Image.Resampling.BOX)
    return rgb.transpose(turn) if turn is not None else rgb


def _orientation(image: Image.Image) -> int:
    if "exif" not in image.info and not hasattr(image, "tag_v2"):
        return 1
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:  # EXIF is written by anyone and damaged often; the picture itself is fine
        return 1


def to_rgb(image: Image.Image) -> Image.Image:
    """Any mode of Pillow to RGB.

    >>> to_rgb(Image.new("I;16", (1, 1), 65535)).getpixel((0, 0))
    (255, 255, 255)
    >>> to_rgb(Image.new("RGBA", (1, 1), (9, 9, 9, 0))).getpixel((0, 0))
    (255, 255, 255)
    """
    if image.mode == "RGB":
        return image
    if image.mode.startswith(("I", "F")):
        return Image.fromarray(_to_8_bit(np.asarray(image))).convert("RGB")
    if image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layer.size, (255, 255, 255, 255)), layer).convert(
            "RGB"
        )
    return image.convert("RGB")


def _to_8_bit(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Grey of any depth to 8 bits: 12-bit or 16-bit containers by their depth, odd ranges by their own."""
    top, bottom = float(np.nanmax(values)), float(np.nanmin(values))
    if values.dtype.kind in "iu" and bottom >= 0 and top <= 65535:
        if top <= 255:
            return values.astype(np.uint8)
        return (values // 16 if top <= 4095 else values // 257).astype(np.uint8)
    if bottom >= 0 and top <= 1:
        bottom, top = 0.0, 1.0
    span = top - bottom if top > bottom else 1.0
    return np.nan_to_num((values - bottom) / span * 255.0).round().clip(0, 255).astype(np.uint8)


def from_array(array: NDArray[Any]) -> Image.Image:
    """[h, w], [h, w, 1], [h, w, 3] or [h, w, 4] numbers as an image (uint8; floats in 0…1).

    Raises:
        ValueError: another shape.
    """
    values = array[..., 0] if array.ndim == 3 and array.shape[2] == 1 else array
    if values.ndim not in (2, 3) or (values.ndim == 3 and values.shape[2] not in (3, 4)) or not values.size:
        raise ValueError(f"shape {array.shape}")
    return to_rgb(Image.fromarray(values if values.dtype == np.uint8 else _to_8_bit(values)))
