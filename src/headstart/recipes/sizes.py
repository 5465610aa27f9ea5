"""Sizes in bytes as people write them."""

from __future__ import annotations

import re

_FACTORS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "ki": 2**10, "mi": 2**20, "gi": 2**30}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmg]i?)?b?", re.IGNORECASE)


def parse_bytes(value: object) -> object:
    """``"4GB"``, ``"500 MiB"`` or a plain number as bytes; anything that is no text passes unchanged.

    >>> parse_bytes("4GB"), parse_bytes("1.5 GiB"), parse_bytes(1024)
    (4000000000, 1610612736, 1024)
    """
    if not isinstance(value, str):
        return value
    match = _SIZE.fullmatch(value.strip())
    if match is None:
        raise ValueError("a size such as 4000000000, 4GB or 4GiB")
    return int(float(match[1]) * _FACTORS[(match[2] or "").lower()])


def show_bytes(count: float) -> str:
    """Bytes for people, in decimal units.

    >>> show_bytes(90_801_454), show_bytes(512)
    ('91 MB', '512 bytes')
    """
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            shown = count / size
            return f"{shown:.1f} {unit}" if shown < 10 else f"{shown:.0f} {unit}"
    return f"{count:.0f} bytes"
