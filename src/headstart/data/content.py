"""What a file is, told by its first bytes: names lie."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

HEAD_BYTES = 4096
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

# Signature at an offset, and the name of the format in Pillow.
_IMAGES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"GIF87a", "GIF"),
    (0, b"GIF89a", "GIF"),
    (0, b"II*\x00", "TIFF"),
    (0, b"MM\x00*", "TIFF"),
    (8, b"WEBP", "WEBP"),
    (4, b"ftypavif", "AVIF"),
)
_NETPBM = {b"P1", b"P2", b"P3", b"P4", b"P5", b"P6"}
_SOUNDS: tuple[tuple[int, bytes], ...] = ((8, b"WAVE"), (0, b"fLaC"), (0, b"OggS"), (0, b"ID3"))


class Content(StrEnum):
    """The sorts of files that are told apart."""

    IMAGE = "image"
    TEXT = "text"
    SOUND = "sound"
    EMPTY = "empty file"
    OTHER = "file of unknown format"


def image_format(head: bytes) -> str:
    """Pillow's name of the image format that begins so; empty when it is none that is read here.

    >>> image_format(b"GIF89a...."), image_format(b"a letter")
    ('GIF', '')
    """
    for offset, signature, name in _IMAGES:
        if head.startswith(signature, offset):
            return name
    if head[:2] == b"BM" and head[6:10] == b"\x00\x00\x00\x00":
        return "BMP"
    if head[:2] in _NETPBM and head[2:3].isspace():
        return "PPM"
    return ""


def sort_of(head: bytes) -> Content:
    """The sort of a file that begins with `head`.

    >>> sort_of(b"RIFF....WAVEfmt "), sort_of("größer".encode("latin-1")), sort_of(b"a" + bytes(9))
    (<Content.SOUND: 'sound'>, <Content.TEXT: 'text'>, <Content.OTHER: 'file of unknown format'>)
    """
    if not head:
        return Content.EMPTY
    if image_format(head):
        return Content.IMAGE
    if any(head.startswith(signature, offset) for offset, signature in _SOUNDS):
        return Content.SOUND
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    is_text = head.startswith(BOMS) or (0 not in head and controls <= len(head) // 100)
    return Content.TEXT if is_text else Content.OTHER


def look(path: Path) -> Content:
    """The sort of the file at `path`; pipes and devices are not opened, they could wait for ever."""
    if not path.is_file():
        return Content.OTHER
    with path.open("rb") as file:
        return sort_of(file.read(HEAD_BYTES))
