"""One look at every file, on threads: what it is, whether it can be read, and how it appears."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PIL import Image

from headstart.core.errors import DataError
from headstart.core.finding import Finding
from headstart.data import content, decoding, notes
from headstart.data.content import Content
from headstart.data.images import Appearance, content_hash
from headstart.data.perceptual import thumbnail

T = TypeVar("T")

THUMBNAIL_PIXELS = 64 * 64
WORKERS = min(8, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one file was left out."""

    note: notes.Note
    reason: str


def examine(items: Iterable[T], look: Callable[[T], Any]) -> list[Any]:
    """`look` at every item on threads, in order."""
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(look, items))


def whole(path: Path) -> bytes | Fault:
    """The bytes of a file; a pipe or a device is not opened, it could wait for ever."""
    try:
        if path.exists() and not path.is_file():
            return Fault(notes.FOREIGN_FILES, "not a file")
        return path.read_bytes()
    except FileNotFoundError:
        return Fault(notes.MISSING_FILES, "not there")
    except OSError as error:
        return Fault(notes.DAMAGED_FILES, (error.strerror or "cannot be read").lower())


def image_file(path: Path) -> Appearance | Fault:
    """Read, hash and decode an image file once."""
    data = whole(path)
    if isinstance(data, Fault):
        return data
    sort = content.sort_of(data[: content.HEAD_BYTES])
    if sort is not Content.IMAGE:
        note = notes.DAMAGED_FILES if sort is Content.EMPTY else notes.FOREIGN_FILES
        return Fault(note, "empty file" if sort is Content.EMPTY else f"not an image but a {sort}")
    try:
        return appearance(decoding.open_bytes(data), content_hash(data), len(data))
    except decoding.TooLarge:
        limit = decoding.MAX_PIXELS // 1_000_000
        return Fault(notes.HUGE_IMAGES, f"more than {limit} megapixels to decode")
    except Exception as error:  # a decoder may raise anything on damaged bytes
        said = "truncated" if "truncated" in str(error) else "damaged image"
        return Fault(notes.DAMAGED_FILES, said)


def appearance(image: Image.Image, sha256: str, n_bytes: int) -> Appearance:
    """What an opened image looks like; decodes it, reduced."""
    turned_shape = image.size
    mode = _mode(image)
    small = decoding.decode(image, THUMBNAIL_PIXELS)
    return Appearance(sha256, *turned_shape, n_bytes, image.format or "", mode, thumbnail(small))


def image_array(item: Any) -> Appearance:
    """What an image in memory looks like.

    Raises:
        ValueError: an array of another shape.
    """
    if isinstance(item, Image.Image):
        return appearance(item.copy(), content_hash(item.tobytes(), item.mode, item.size), 0)
    array = np.ascontiguousarray(item)
    sha256 = content_hash(array.tobytes(), array.shape, array.dtype)
    return appearance(decoding.from_array(array), sha256, 0)


def _mode(image: Image.Image) -> str:
    if getattr(image, "is_animated", False):
        return "animated"
    if image.mode.startswith(("I", "F")):
        return "16-bit"
    names = {"L": "grey", "1": "grey", "P": "palette", "RGBA": "transparent", "LA": "transparent"}
    return names.get(image.mode, image.mode)


def conversions(appearances: Iterable[Appearance]) -> list[Finding]:
    """A finding that says which images lose something by becoming 8-bit RGB, if any do."""
    said = {
        "CMYK": "in CMYK, converted to RGB without a colour profile",
        "16-bit": "of more than 8 bits, scaled to 8",
        "animated": "animated, first frame taken",
        "transparent": "with transparency, laid on white",
    }
    counts = Counter(appearance.mode for appearance in appearances)
    parts = [f"{counts[mode]} {words}" for mode, words in said.items() if counts[mode]]
    return [notes.CONVERTED_IMAGES("; ".join(parts) + ".", applied="Converted on reading.")] if parts else []


def findings(
    places: Sequence[str], faults: Sequence[Fault], total: int, where: str, noun: str
) -> list[Finding]:
    """What to say about the files (or rows: `noun`) that were left out.

    Raises:
        DataError: more than half of `total` cannot be used, or nothing is left.
    """
    if not faults:
        return []
    if len(faults) * 2 > total or len(faults) == total:
        raise DataError(
            f"{len(faults)} of {total} {noun} cannot be used; the first, {places[0]}: {faults[0].reason}",
            where=where,
            expected="more than half to be whole",
            remedy=faults[0].note.remedy,
        )
    found = []
    for note in dict.fromkeys(fault.note for fault in faults):
        chosen = [
            (place, fault.reason) for place, fault in zip(places, faults, strict=True) if fault.note == note
        ]
        reasons = ", ".join(f"{count} x {reason}" for reason, count in Counter(r for _, r in chosen).items())
        detail = f"{len(chosen)} of {total} {noun}: {reasons}."
        found.append(note(detail, [place for place, _ in chosen], applied="Left out."))
    return found
