"""What `develop` would do, from what, and at what cost; nothing is fetched, nothing is written."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel

from headstart.core.finding import Finding
from headstart.core.kinds import Modality
from headstart.core.source import Source
from headstart.core.specification import Specification
from headstart.core.task import Task
from headstart.data import modality_of
from headstart.develop.parts import divided
from headstart.develop.pretext.pretrain import EPOCHS as PRETEXT_EPOCHS
from headstart.develop.pretext.pretrain import held_rows
from headstart.develop.start import BATCH, EPOCHS, FROZEN, SCRATCH_EPOCHS, SIDE
from headstart.recipes import admitting, specifying
from headstart.recipes.beginnings import learns_on_pairs, look_rows, require_network, to_load
from headstart.recipes.develop_settings import DevelopSettings
from headstart.recipes.opening import opened
from headstart.recipes.selecting import require_target
from headstart.recipes.sources_at_hand import chosen
from headstart.recipes.storing import open_store
from headstart.recipes.unlabelled import PASSES
from headstart.recipes.unlabelled_start import given, wanted
from headstart.sources import cost, scratch
from headstart.store.layout import checked_name
from headstart.training.tuning import LEAST_STEPS, Tuning

STEP = 3.0  # forward passes that a training step costs: the way back is twice the way there
VIEWS = 2.0  # of every example that a pretext looks at


class PlannedStart(BaseModel):
    """A way to begin: how many passes over the rows to learn from, and what they would take at most."""

    start: str
    passes: int
    predicted_s: float
    download_bytes: int
    licence: str


class PlannedData(BaseModel):
    """A data set as it was understood, and how its rows would be used."""

    data: str
    modality: Modality
    classes: int
    metric: str
    learn: int
    stop: int
    test: int


class DevelopPlan(BaseModel):
    """The plan; costs are those of the largest data set, `look_s` of picking a parent."""

    name: str
    data: tuple[PlannedData, ...]
    target: str | None
    starts: tuple[PlannedStart, ...]
    look_s: float
    download_bytes: int
    findings: tuple[Finding, ...]


def plan(settings: DevelopSettings) -> DevelopPlan:
    """Read the data, name the ways to begin, predict their cost from this machine's probes.

    Raises:
        OptionError, DataError, SourceError, StoreError: what `develop` itself would refuse.
    """
    checked_name(settings.name)
    asked = specifying.read(settings.spec) if settings.spec else None
    settings = specifying.applied(settings, asked)
    return _unlabelled(settings, asked) if settings.unlabelled else _labelled(settings, asked)


def _labelled(settings: DevelopSettings, asked: Specification | None) -> DevelopPlan:
    require_target(settings)
    tasks = {path: opened(settings.reading(path)).task for path in settings.data}
    for task in tasks.values():
        admitting.require_classes(asked, task, settings.spec or "")
        require_network(task.modality, settings)
    largest = max(tasks.values(), key=len)
    data = tuple(_data(path, task) for path, task in tasks.items())
    learn, preset = max(one.learn for one in data), settings.preset
    sources, refused = tuple[Source, ...](), tuple[Finding, ...]()
    if settings.parents or settings.may_look:
        found = chosen(to_load(largest, settings), largest.modality)
        sources, refused = admitting.admitted(
            found.sources, asked, largest.modality, named=bool(settings.parents)
        )
        refused = (*found.findings, *refused)
    moving, passes = STEP * (1.0 - FROZEN[preset]), _passes(EPOCHS[preset], learn)
    starts = [_parent(one, learn, passes, 1.0, moving, settings) for one in sources]
    if learns_on_pairs(largest):
        starts += [one.model_copy(update={"start": f"{one.start}/pairs"}) for one in starts]
    if largest.modality is Modality.IMAGE and settings.may_begin_from_nothing:
        starts.append(_nothing(learn, _passes(SCRATCH_EPOCHS[preset], learn), STEP, settings))
    look_s = 0.0
    if settings.may_look:
        rows = min(look_rows(largest), learn)
        look_s = sum(cost.predict(s.card, rows, _side(s), threads=settings.threads) for s in sources)
    findings = (*(note for task in tasks.values() for note in task.notes), *refused)
    return _made(settings, data, starts, look_s, findings)


def _unlabelled(settings: DevelopSettings, asked: Specification | None) -> DevelopPlan:
    (path,) = settings.data
    modality = modality_of(path, text=settings.text, image=settings.image)
    require_network(modality, settings)
    examples = given(settings, None)
    held = held_rows(len(examples.inputs))
    learn = len(examples.inputs) - held
    data = PlannedData(data=path, modality=modality, classes=0, metric="", learn=learn, stop=0, test=held)
    passes = max(1, round(PASSES[settings.preset] * PRETEXT_EPOCHS[modality]))
    if not settings.parents and modality is Modality.IMAGE:
        starts = [_nothing(learn, passes, VIEWS * STEP, settings)]
    else:
        first = next(iter(wanted(settings, modality, asked, open_store(settings.store))), None)
        starts = [_parent(first, learn, passes, 0.0, VIEWS * STEP, settings)] if first else []
    return _made(settings, (data,), starts, 0.0, examples.findings)


def _made(
    settings: DevelopSettings,
    data: tuple[PlannedData, ...],
    starts: Iterable[PlannedStart],
    look_s: float,
    findings: tuple[Finding, ...],
) -> DevelopPlan:
    begun = tuple(starts)
    return DevelopPlan(
        name=settings.name,
        data=data,
        target=settings.target,
        starts=begun,
        look_s=look_s,
        download_bytes=sum(one.download_bytes for one in begun),
        findings=findings,
    )


def _data(path: str, task: Task) -> PlannedData:
    parts = divided(task)
    return PlannedData(
        data=path,
        modality=task.modality,
        classes=len(task.classes),
        metric=task.metric,
        learn=len(parts.learn),
        stop=len(parts.stop),
        test=len(parts.test),
    )


def _passes(epochs: int, rows: int) -> int:
    """Of few rows more passes are made: there must be enough steps to learn anything."""
    return Tuning(cut=0, epochs=epochs, least_steps=LEAST_STEPS, batch_size=BATCH).passes(rows)


def _side(source: Source) -> int:
    """Pixels at which a parent would be tuned; of texts, all that it reads."""
    sides = source.card.input_sizes
    is_image = source.card.modality is Modality.IMAGE
    return min(sides, key=lambda side: abs(side - SIDE)) if is_image else sides[0]


def _parent(
    source: Source, rows: int, passes: int, once: float, moving: float, settings: DevelopSettings
) -> PlannedStart:
    """`once` forward passes beforehand, then `moving` ones in every pass over the rows."""
    forward_s = cost.predict(source.card, rows, _side(source), threads=settings.threads)
    return PlannedStart(
        start=source.card.id,
        passes=passes,
        predicted_s=(once + passes * moving) * forward_s,
        download_bytes=source.card.download_bytes,
        licence=source.card.licence,
    )


def _nothing(rows: int, passes: int, moving: float, settings: DevelopSettings) -> PlannedStart:
    seconds = passes * moving * rows * scratch.GMACS / cost.speed(settings.threads)
    return PlannedStart(
        start=scratch.ID, passes=passes, predicted_s=seconds, download_bytes=0, licence="yours"
    )
