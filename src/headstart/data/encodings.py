"""Bytes to text when nobody says in which encoding they are."""

from __future__ import annotations

import codecs
from pathlib import Path

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE_BYTES = 64 * 1024  # enough letters for a guess; the whole would cost seconds a megabyte
_CHUNK_BYTES = 1 << 20
SURE = ("utf-8", "utf-8-sig")


class NotText(Exception):
    """The bytes are no text in any encoding."""


def detect(data: bytes) -> str:
    """The codec's name: by byte order mark, else UTF-8 where it decodes, else the likeliest, else cp1252.

    >>> detect("naïve".encode()), detect("naïve".encode("utf-16"))
    ('utf-8', 'utf-16')
    """
    marked = by_mark(data)
    if marked:
        return marked
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return guess(data[max(0, error.start - _SAMPLE_BYTES // 2) :][:_SAMPLE_BYTES])
    return "utf-8"


def by_mark(data: bytes) -> str:
    """The codec that the byte order mark names; empty without one."""
    return next((codec for mark, codec in _BOMS if data.startswith(mark)), "")


def guess(sample: bytes) -> str:
    """The likeliest 8-bit or multi-byte codec of bytes that are not UTF-8."""
    from charset_normalizer import from_bytes

    if len(sample) >= 256:  # below that every guess is as good as another, and cp1252 is the commonest
        best = from_bytes(sample, steps=5, chunk_size=512, threshold=0.2).best()
        if best is not None and best.encoding not in ("ascii", "utf_8"):
            return best.encoding.replace("_", "-")
    return "cp1252"


def of_file(path: Path) -> str:
    """The codec of a file, read in pieces so that its size does not matter."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        piece = file.read(_CHUNK_BYTES)
        marked = by_mark(piece)
        if marked:
            return marked
        while piece:
            try:
                decoder.decode(piece)
            except UnicodeDecodeError as error:
                return guess(piece[max(0, error.start - _SAMPLE_BYTES // 2) :][:_SAMPLE_BYTES])
            piece = file.read(_CHUNK_BYTES)
    return "utf-8"


def decode(data: bytes, codec: str) -> str:
    """`data` as text; a stray byte becomes U+FFFD rather than losing the text."""
    return data.decode(codec, errors="replace")
