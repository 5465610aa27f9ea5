"""Labels that differ only in case or blanks: almost always one class written in two ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from headstart.core.errors import DataError
from headstart.core.finding import Finding
from headstart.data import notes


def folded(name: str) -> str:
    """What is left of a name when case and blanks do not count.

    >>> folded(" Healthy  leaf ")
    'healthy leaf'
    """
    return " ".join(name.casefold().split())


def settle(
    names: Sequence[str], places: Sequence[str], *, normalize: bool
) -> tuple[list[str], list[Finding]]:
    """The names, each in the commonest spelling of its class.

    Raises:
        DataError: there are several spellings and `normalize` is off.
    """
    counts = Counter(names)
    if len({folded(name) for name in counts}) == len(counts):
        return list(names), []
    preferred: dict[str, str] = {}
    for name in sorted(counts, key=lambda name: (-counts[name], name != folded(name), name)):
        preferred.setdefault(folded(name), name.strip())
    odd = [row for row, name in enumerate(names) if name != preferred[folded(name)]]
    if not normalize:
        raise refusal(names, places, odd, preferred)
    merged = sorted({names[row] for row in odd})
    said = f"{len(odd)} labels in {len(merged)} spellings were merged: {quoted(merged)}."
    note = notes.MERGED_LABELS(
        said, [places[row] for row in odd], applied="Merged with the commonest spelling."
    )
    return [preferred[folded(name)] for name in names], [note]


def refusal(
    names: Sequence[str], places: Sequence[str], odd: Sequence[int], preferred: dict[str, str]
) -> DataError:
    """The error for the rows `odd`, whose names are not as `preferred` (by folded name) has them."""
    first = names[odd[0]]
    meant = preferred[folded(first)]
    classes = sorted(set(preferred.values()))
    others = f" {len(odd) - 1} more rows have such labels." if len(odd) > 1 else ""
    return DataError(
        f"{first!r} is not one of the {len(classes)} classes ({quoted(classes)})",
        where=places[odd[0]],
        remedy=f"It differs from {meant!r} by {difference(first, meant)}.{others} "
        "Correct the data, or pass --normalize-labels.",
    )


def difference(found: str, meant: str) -> str:
    """In words, how two spellings of one label differ.

    >>> difference("Healthy ", "healthy")
    'case and a trailing blank'
    """
    parts = []
    if " ".join(found.split()) != " ".join(meant.split()):
        parts.append("case")
    if found != found.rstrip():
        parts.append("a trailing blank")
    if found != found.lstrip():
        parts.append("a leading blank")
    return " and ".join(parts) or "blanks"


def quoted(names: Sequence[str], most: int = 8) -> str:
    """Names for a message, a few of them."""
    return ", ".join(repr(name) for name in names[:most]) + (", …" if len(names) > most else "")
