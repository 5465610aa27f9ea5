"""The sources that a run may use, fetched and loaded."""

from __future__ import annotations

import time
from dataclasses import dataclass

from headstart.core.errors import HeadstartError, MachineError, SourceError
from headstart.core.finding import Finding
from headstart.core.kinds import Modality, Severity
from headstart.core.source import Network, Source
from headstart.core.specification import Specification
from headstart.core.watch import Watch
from headstart.recipes.admitting import admitted, narrowed
from headstart.recipes.settings import FitSettings
from headstart.sources import at_hand, resolve


@dataclass(frozen=True)
class Shelf:
    """Loaded networks by source id, what could not be had, and seconds spent on downloads."""

    networks: dict[str, Network]
    findings: tuple[Finding, ...]
    download_s: float


def chosen(settings: FitSettings, modality: Modality) -> tuple[Source, ...]:
    """The sources named by --source, else all at hand; without those of --exclude.

    Raises:
        SourceError: an unknown id, a source for another modality, one whose licence is not admitted.
    """
    excluded = {resolve(name).card.id for name in settings.exclude}
    if not settings.source:
        found = at_hand(modality, licence=settings.licence)
        return tuple(source for source in found if source.card.id not in excluded)
    named = tuple(resolve(name) for name in dict.fromkeys(settings.source))
    for source in named:
        card = source.card
        if card.modality is not modality:
            raise SourceError(
                f"reads {card.modality.value}s",
                where=card.id,
                expected=f"a source for {modality.value}s, as the data are",
                remedy=f"At hand: {', '.join(s.card.id for s in at_hand(modality, licence='any'))}.",
            )
        if settings.licence == "permissive" and not card.permissive:
            raise SourceError(
                f"licence {card.licence} is not permissive",
                where=card.id,
                expected="a permissive licence",
                remedy="Pass --licence any if its terms suit your purpose.",
            )
    return tuple(source for source in named if source.card.id not in excluded)


def loaded(
    settings: FitSettings, modality: Modality, watch: Watch, *, asked: Specification | None = None
) -> Shelf:
    """Fetch and load them; one that is at hand but cannot be had is a finding, a named one an error.

    What the specification `asked` for does not allow is left out before anything is fetched.
    """
    found = chosen(settings, modality)
    sources, refused = admitted(found, asked, modality, named=bool(settings.source))
    watch.stage("sources", len(sources))
    networks: dict[str, Network] = {}
    findings = list(refused)
    download_s = 0.0
    for source in sources:
        try:
            if source.card.download_bytes:
                watch.say(f"fetching {source.card.id} ({source.card.download_bytes / 1e6:.0f} MB)")
                started_s = time.monotonic()
                source.fetch(offline=settings.offline)
                download_s += time.monotonic() - started_s
            networks[source.card.id] = narrowed(source.load(), asked)
        except (MachineError, SourceError) as problem:
            if settings.source:
                raise
            findings.append(unavailable(source.card.id, problem))
        watch.advance()
    return Shelf(networks, tuple(findings), download_s)


def unavailable(source: str, problem: HeadstartError) -> Finding:
    """A source that is in the catalogue but could not be used."""
    return Finding(
        code="HS-S01",
        severity=Severity.WARNING,
        title="Source not available",
        detail=problem.found,
        where=(source,),
        remedy=problem.remedy or f"Run `headstart fetch {source}` with a network, or --exclude it.",
        applied="left out of this run",
    )
