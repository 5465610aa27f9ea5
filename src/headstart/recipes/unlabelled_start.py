"""Where a development without labels begins: the examples, and one network to teach."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from headstart.core.errors import DataError, HeadstartError, MachineError, OptionError
from headstart.core.finding import Finding
from headstart.core.kinds import Modality
from headstart.core.seeds import derive
from headstart.core.source import Source
from headstart.core.specification import Specification
from headstart.core.task import Inputs, Task
from headstart.core.watch import Watch
from headstart.data import inspect_inputs, modality_of
from headstart.data.assembly import content_fingerprint
from headstart.develop.pretext.pretrain import LEAST_ROWS
from headstart.develop.start import Start, continued, from_scratch
from headstart.recipes.admitting import admitted, narrowed
from headstart.recipes.beginnings import require_network
from headstart.recipes.develop_settings import DevelopSettings
from headstart.recipes.opening import opened
from headstart.recipes.sources_at_hand import admit, unavailable
from headstart.recipes.stored_sources import resolved
from headstart.sources import at_hand
from headstart.sources.scratch import scratch_network
from headstart.store import Store
from headstart.training.loop import refuse_untunable


@dataclass(frozen=True)
class Given:
    """Examples without labels, and the target, where there is one, with a few."""

    name: str
    inputs: Inputs
    target: Task | None
    findings: tuple[Finding, ...]

    @property
    def fingerprint(self) -> str:
        """Of the contents, whatever their order."""
        return content_fingerprint(self.inputs.hashes)


@dataclass(frozen=True)
class Begun:
    """The one way to begin, what could not be had for it, and seconds of downloads."""

    start: Start
    findings: tuple[Finding, ...] = ()
    download_s: float = 0.0


def given(settings: DevelopSettings, inputs: Inputs | None) -> Given:
    """Read the examples (`inputs`: already at hand) and the target; labels of the examples are not looked at.

    Raises:
        OptionError: several data sets. DataError: too few examples, or a target of another sort.
    """
    if len(settings.data) > 1:
        raise OptionError(
            f"{len(settings.data)} data sets without labels",
            expected="one with --unlabelled: without labels nothing says which of them is the right one",
            remedy="Put the examples into one folder, or name one of the data sets.",
        )
    (path,) = settings.data
    findings: tuple[Finding, ...] = ()
    if inputs is None:
        modality = modality_of(path, text=settings.text, image=settings.image)
        inputs, findings = inspect_inputs(path, modality, text=settings.text, image=settings.image)
    if len(inputs) < LEAST_ROWS:
        raise DataError(
            f"{len(inputs)} examples without labels",
            where=path,
            expected=f"at least {LEAST_ROWS}; hundreds, to learn anything of use",
            remedy="Give more examples, or `headstart fit` the labelled ones with the sources at hand.",
        )
    target = opened(settings.reading(settings.target)).task if settings.target else None
    if target is not None and target.modality is not inputs.modality:
        raise DataError(
            f"{target.modality.value}s",
            where=str(settings.target),
            expected=f"{inputs.modality.value}s, as the examples without labels are",
            remedy="Give a target of the same form as the examples.",
        )
    return Given(Path(path).name or path, inputs, target, findings)


def begun(
    given: Given, settings: DevelopSettings, asked: Specification | None, store: Store, watch: Watch
) -> Begun:
    """The network to teach: the parent that is named; else from nothing (images), or an encoder (texts).

    Raises:
        OptionError: several parents, or from nothing where there is no such network.
        SourceError: the parent is unknown, of another sort or licence, or cannot be trained.
        MachineError: no parent could be had.
    """
    modality = given.inputs.modality
    if len(settings.parent) > 1:
        raise OptionError(
            f"--parent {', '.join(settings.parent)}",
            expected="one: without labels nothing says which is ahead",
            remedy="Name one of them.",
        )
    require_network(modality, settings)
    if not settings.parents and modality is Modality.IMAGE:
        seed = derive(settings.seed, "develop", "scratch") % 2**16  # each has a place in the cache
        return Begun(from_scratch(scratch_network(seed), settings.preset))
    watch.stage("sources")
    findings: list[Finding] = []
    for source in wanted(settings, modality, asked, store):
        began_s, cost = time.monotonic(), source.card.download_bytes
        try:
            if cost:
                watch.say(f"fetching {source.card.id} ({cost / 1e6:.0f} MB)")
                source.fetch(offline=settings.offline)
            download_s = time.monotonic() - began_s if cost else 0.0
            network = narrowed(source.load(), asked)
            refuse_untunable(network)
        except HeadstartError as problem:
            if settings.parents:
                raise
            findings.append(unavailable(source.card.id, problem))
            continue
        return Begun(continued(network, given.inputs, settings.preset), tuple(findings), download_s)
    raise MachineError(
        "no source to begin with could be had",
        expected=f"a tunable source for {modality.value}s",
        remedy="`headstart fetch` brings the starter sources, where there is a network.",
    )


def wanted(
    settings: DevelopSettings, modality: Modality, asked: Specification | None, store: Store
) -> Iterator[Source]:
    """The parent that is named, or every tunable source at hand, in the order of the catalogue."""
    if settings.parents:
        source = resolved(settings.parents[0], store)
        admit(source, settings.reading(settings.data[0]), modality)
        yield from admitted([source], asked, modality, named=True)[0]
        return
    excluded = {resolved(name, store).card.id for name in settings.exclude}
    found = [source for source in at_hand(modality, licence=settings.licence) if source.card.tunable]
    allowed, _ = admitted(found, asked, modality, named=False)
    yield from (source for source in allowed if source.card.id not in excluded)
