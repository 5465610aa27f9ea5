"""Numbers as people read them. A narrow no-break space keeps number and unit together."""

from __future__ import annotations

import math
from datetime import datetime

NARROW = "\u202f"  # narrow no-break space, before signs
WORD = "\u00a0"  # no-break space, before words
MINUS = "−"
MISSING = "–"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def fixed(value: float | None, digits: int) -> str:
    """`digits` decimals and a true minus sign; a dash for what is missing or not finite.

    >>> fixed(-0.25, 1), fixed(float("nan"), 1), fixed(-0.0001, 1)
    ('−0.2', '–', '0.0')
    """
    if value is None or not math.isfinite(value):
        return MISSING
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def signed(value: float | None, digits: int) -> str:
    """`fixed` with a plus sign on what is larger than zero.

    >>> signed(0.25, 2), signed(0.0, 1)
    ('+0.25', '0.0')
    """
    text = fixed(value, digits)
    return "+" + text if value is not None and value > 0 and text.strip("0.") else text


def percent(fraction: float | None, digits: int = 1) -> str:
    """A fraction in per cent.

    >>> percent(0.934).replace(NARROW, " ")
    '93.4 %'
    """
    text = fixed(None if fraction is None else 100 * fraction, digits)
    return text if text == MISSING else f"{text}{NARROW}%"


def significant(value: float | None, digits: int = 3) -> str:
    """Three figures, no exponent for everyday sizes.

    >>> significant(1234.6).replace(NARROW, " "), significant(0.012345), significant(2.0), significant(3e-9)
    ('1 235', '0.0123', '2.00', '3e−09')
    """
    if value is None or not math.isfinite(value):
        return MISSING
    if value == 0:
        return "0"
    if not 1e-4 <= abs(value) < 1e9:
        return f"{value:.{digits}g}".replace("-", MINUS)
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    return fixed(value, decimals) if decimals > 0 and abs(value) < 1000 else count(value)


def count(value: float | None) -> str:
    """A whole number in groups of three.

    >>> count(2624).replace(NARROW, " "), count(None)
    ('2 624', '–')
    """
    if value is None or not math.isfinite(value):
        return MISSING
    return f"{round(value):,}".replace(",", NARROW).replace("-", MINUS)


def about(value: float | None) -> str:
    """An estimate, in the two figures that it deserves.

    >>> about(732.0), about(2412).replace(NARROW, " "), about(7)
    ('730', '2 400', '7')
    """
    if value is None or not math.isfinite(value) or value == 0:
        return count(value)
    unit = 10.0 ** max(math.floor(math.log10(abs(value))) - 1, 0)
    return count(round(value / unit) * unit)


def duration(seconds: float | None) -> str:
    """Seconds as people say them.

    >>> [duration(s).replace(NARROW, " ") for s in (0.004, 0.42, 8.14, 59.9, 112, 7500)]
    ['4 ms', '0.42 s', '8.1 s', '1 min', '1 min 52 s', '2 h 5 min']
    """
    if seconds is None or not math.isfinite(seconds):
        return MISSING
    if seconds < 0.1:
        return f"{seconds * 1000:.0f}{NARROW}ms" if seconds * 1000 >= 1 or seconds == 0 else f"<1{NARROW}ms"
    if seconds < 10:
        return f"{seconds:.{2 if seconds < 1 else 1}f}{NARROW}s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole}{NARROW}s"
    if whole < 3600:
        return _two(whole // 60, "min", whole % 60, "s")
    return _two(whole // 3600, "h", whole % 3600 // 60, "min")


def day(created: str) -> str:
    """The day of an ISO date.

    >>> day("2026-11-03T21:40:00+00:00").replace(WORD, " "), day("")
    ('3 Nov 2026', '')
    """
    try:
        date = datetime.fromisoformat(created)
    except ValueError:
        return created[:10]
    return f"{date.day}{WORD}{_MONTHS[date.month - 1]}{WORD}{date.year}"


def size(n_bytes: float | None) -> str:
    """Bytes in decimal units.

    >>> size(1_240_000_000).replace(NARROW, " "), size(812).replace(NARROW, " ")
    ('1.2 GB', '812 B')
    """
    if n_bytes is None or not math.isfinite(n_bytes):
        return MISSING
    value = float(n_bytes)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000:
            return f"{value:.{0 if unit == 'B' or value >= 10 else 1}f}{NARROW}{unit}"
        value /= 1000
    return f"{value:.1f}{NARROW}TB"


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    text = f"{large}{NARROW}{large_unit}"
    return f"{text} {small}{NARROW}{small_unit}" if small else text
