"""Bring sources into the cache ahead of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from headstart.core.errors import HeadstartError, MachineError, SourceError
from headstart.core.watch import Watch


@dataclass(frozen=True, slots=True)
class Fetched:
    """One source that is now in the cache; `download_bytes` is what was brought for it."""

    id: str
    state: Literal["fetched", "was there"]
    licence: str
    download_bytes: int


def fetch(ids: Sequence[str], watch: Watch) -> list[Fetched]:
    """Fetch the named sources, or all starter sources; one that fails does not keep the others away.

    Raises:
        SourceError: an id is unknown or its weights are not what they should be.
        MachineError: no network or no space; both after everything else was tried.
    """
    from headstart.sources import at_hand, resolve

    sources = [resolve(name) for name in ids] if ids else list(at_hand(licence="any"))
    watch.stage("fetching sources", len(sources))
    fetched: list[Fetched] = []
    failures: list[HeadstartError] = []
    for source in sources:
        if watch.stop_requested:
            break
        card = source.card
        try:
            source.fetch()
        except (MachineError, SourceError) as error:
            failures.append(error)
            watch.say(f"{card.id}: {error.found}")
        else:
            state: Literal["fetched", "was there"] = "fetched" if card.download_bytes else "was there"
            fetched.append(Fetched(card.id, state, card.licence, card.download_bytes))
        watch.advance()
    if failures:
        raise _together(failures, len(sources))
    return fetched


def _together(failures: Sequence[HeadstartError], tried: int) -> HeadstartError:
    """The failures as one error, of the class of the first."""
    if len(failures) == 1:
        return failures[0]
    first = failures[0]
    listed = "\n  ".join(str(failure).replace("\n", "\n  ") for failure in failures)
    return type(first)(f"{len(failures)} of {tried} sources could not be fetched:\n  {listed}")
