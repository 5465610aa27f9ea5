"""The sources that a run may use, fetched and loaded."""

from __future__ import annotations

import time
from dataclasses import dataclass

from headstart.core.errors import HeadstartError, MachineError, NothingYet, SourceError, StoreError
from headstart.core.finding import Finding
from headstart.core.kinds import Modality, Severity
from headstart.core.source import Network, Source
from headstart.core.specification import Specification
from headstart.core.watch import Watch
from headstart.recipes.admitting import admitted, narrowed
from headstart.recipes.opening import Opened
from headstart.recipes.settings import FitSettings
from headstart.recipes.stored_sources import FromStore, developed, resolved
from headstart.sources import at_hand
from headstart.store import Store


@dataclass(frozen=True)
class Chosen:
    """The sources that a run means to use, and what is to be said about those that it cannot."""

    sources: tuple[Source, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Shelf:
    """Loaded networks by source id, what could not be had, and seconds spent on downloads.

    `parents` are the content hashes of the objects in the knowledge store that sources came from.
    """

    networks: dict[str, Network]
    findings: tuple[Finding, ...]
    download_s: float
    parents: tuple[str, ...] = ()


def chosen(settings: FitSettings, modality: Modality) -> Chosen:
    """The sources named by --source, else all at hand and all developed here; without those of --exclude.

    Raises:
        SourceError: an unknown id, a source for another modality, one whose licence is not admitted.
        StoreError: the knowledge store has no object that is named, or cannot be opened though one is.
    """
    store = Store(settings.store)
    excluded = {resolved(name, store).card.id for name in settings.exclude}
    if settings.source:
        named = tuple(resolved(name, store) for name in dict.fromkeys(settings.source))
        for source in named:
            admit(source, settings, modality)
        return Chosen(tuple(source for source in named if source.card.id not in excluded))
    public, findings = at_hand(modality, licence=settings.licence), list[Finding]()
    try:
        own = developed(store, modality, settings.licence)
    except StoreError as problem:
        own = ()
        findings.append(closed(problem))
    found = (*public, *own)
    return Chosen(tuple(source for source in found if source.card.id not in excluded), tuple(findings))


def admit(source: Source, settings: FitSettings, modality: Modality) -> None:
    """Raise SourceError where a source that was named reads something else, or its licence is not wanted."""
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
            f"licence {card.licence or 'unknown'} is not permissive",
            where=card.id,
            expected="a permissive licence",
            remedy="Pass --licence any if its terms suit your purpose.",
        )


def loaded(settings: FitSettings, data: Opened, watch: Watch, *, asked: Specification | None = None) -> Shelf:
    """Fetch and load them; one that is at hand but cannot be had is a finding, a named one an error.

    What the specification `asked` for does not allow is left out before anything is fetched, and so is a
    source that learned from labels of these very examples: it would know the answers.

    Raises:
        NothingYet: stopped by the user before all were there.
    """
    wanted = chosen(settings, data.task.modality)
    sources, refused = admitted(wanted.sources, asked, data.task.modality, named=bool(settings.source))
    watch.stage("sources", len(sources))
    networks: dict[str, Network] = {}
    findings, parents = [*wanted.findings, *refused], []
    download_s = 0.0
    for source in sources:
        if watch.stop_requested:
            raise NothingYet(
                "stopped before the sources were there",
                remedy="Begin it again, a run with --resume; what was fetched is kept.",
            )
        try:
            known = source.has_learned_from(data) if isinstance(source, FromStore) else 0
            if known:
                findings.append(told_the_answers(source.card.id, known, len(data.task)))
                continue
            if source.card.download_bytes:
                watch.say(f"fetching {source.card.id} ({source.card.download_bytes / 1e6:.0f} MB)")
                started_s = time.monotonic()
                source.fetch(offline=settings.offline)
                took_s = time.monotonic() - started_s
                download_s += took_s
                watch.grant(took_s)
            networks[source.card.id] = narrowed(source.load(), asked)
            if isinstance(source, FromStore):
                parents.append(source.object.sha256)
        except (MachineError, SourceError, StoreError) as problem:
            if settings.source:
                raise
            findings.append(unavailable(source.card.id, problem))
        finally:
            watch.advance()
    return Shelf(networks, tuple(findings), download_s, tuple(parents))


def unavailable(source: str, problem: HeadstartError) -> Finding:
    """A source that is in the catalogue or the store but could not be used."""
    return Finding(
        code="HS-S05",
        severity=Severity.WARNING,
        title="Source not available",
        detail=problem.found,
        where=(source,),
        remedy=problem.remedy or f"Run `headstart fetch {source}` with a network, or --exclude it.",
        applied="left out of this run",
    )


def told_the_answers(source: str, known: int, n: int) -> Finding:
    """A source that was developed on labelled examples of this run."""
    return Finding(
        code="HS-S03",
        severity=Severity.WARNING,
        title="Source has seen these examples with their labels",
        detail=f"{known} of the {n} examples, or of the test data, are among those it learned from: "
        "its score here would not be that on new data",
        where=(source,),
        remedy="Develop a source without these examples, or fit examples that it has not seen.",
        applied="left out of this run",
    )


def closed(problem: StoreError) -> Finding:
    """The knowledge store cannot be opened, and no source of it was asked for."""
    return Finding(
        code="HS-S04",
        severity=Severity.WARNING,
        title="Knowledge store not available",
        detail=problem.found,
        where=(problem.where,) if problem.where else (),
        remedy=problem.remedy or "`headstart store verify` says what is damaged.",
        applied="went on with the public sources alone",
    )
