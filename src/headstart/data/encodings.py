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
# Among all that exist, rare codecs win by chance; these are what tables and texts are in when not in UTF-8.
_COMMON = ("cp1252", "cp1251", "gb18030", "cp949", "big5")
_SHORTEST_GUESS_BYTES = 64  # below it every guess is as good as another


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
    """The likeliest of the common codecs for bytes that are not UTF-8; cp1252 where none stands out.

    >>> guess("größer als älter, größer als jünger".encode("latin-1"))
    'cp1252'
    """
    from charset_normalizer import from_bytes

    if _is_japanese(sample):
        return "cp932"
    if len(sample) < _SHORTEST_GUESS_BYTES:
        return "cp1252"
    best = from_bytes(sample, cp_isolation=list(_COMMON)).best()
    return best.encoding if best is not None and best.encoding in _COMMON else "cp1252"


def _is_japanese(sample: bytes) -> bool:
    """Whether the bytes read as Shift JIS have kana in plenty (charset-normalizer misses it)."""
    letters = [letter for letter in sample.decode("cp932", errors="ignore") if ord(letter) > 127]
    kana = sum(0x3040 <= ord(letter) <= 0x30FF for letter in letters)
    return len(letters) >= 8 and kana * 4 > len(letters)


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
