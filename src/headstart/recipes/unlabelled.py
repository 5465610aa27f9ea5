"""Develop a source from examples that nobody has labelled: learn, look whether it helped, keep it or not."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from headstart.core.errors import NothingYet
from headstart.core.kinds import Preset
from headstart.core.specification import Specification
from headstart.core.task import Inputs
from headstart.core.watch import Watch
from headstart.develop.pretext import Pretrained, pretrain
from headstart.develop.pretext.pretrain import EPOCHS
from headstart.recipes import developed_source, meeting_source, unlabelled_story
from headstart.recipes.develop_settings import DevelopSettings
from headstart.recipes.development import (
    ATTEMPTS,
    Development,
    at_work,
    budget,
    claimed,
    deadline,
    finished,
    seen,
)
from headstart.recipes.unlabelled_start import Begun, Given, begun, given
from headstart.report import developed_source_card, write_development
from headstart.report.whole_file import write_text
from headstart.store import Parent, Store
from headstart.training.diverged import Diverged

PASSES = {Preset.FAST: 1 / 3, Preset.BALANCED: 1.0, Preset.BEST: 3.0}  # times the pretext's own number


def develop_unlabelled(
    settings: DevelopSettings,
    asked: Specification | None,
    store: Store,
    watch: Watch,
    inputs: Inputs | None,
    started_s: float,
) -> Development:
    """Develop a source without labels, and keep it where it is better than what it began with.

    `inputs` are the examples where they are at hand already; `started_s` is when the job began.

    Raises:
        OptionError, DataError, SourceError, OutputError, StoreError, MachineError: it cannot be done.
        NothingYet: nothing was learned that is worth keeping; the store is as it was.
    """
    data = given(settings, inputs)
    folder = claimed(settings, data.name)
    if (made := finished(folder, watch)) is not None:
        return made
    with at_work(folder, settings, watch, started_s) as log:
        beginning = begun(data, settings, asked, store, log)
        network = beginning.start.network
        developed_source.require_space(store, 4 * network.card.parameters)
        clock = budget(settings, started_s + beginning.download_s)  # not of the user's time
        log.stage("developing")
        began_s = time.monotonic()
        learned = _learned(data, beginning, settings, deadline(clock, data.target), log, folder / ATTEMPTS)
        found = unlabelled_story.Found(data, beginning, learned, time.monotonic() - began_s)
        draft = unlabelled_story.source_card(found, settings.name)
        with developed_source.packed(network, learned.tensors, data.inputs, draft, folder) as (files, source):
            reuse = seen(data.target, files, network if found.parent else None, settings, log)
            log.stage("keeping")
            lines = meeting_source.unlabelled_lines(asked, beginning.start, data.inputs, files)
            cost = unlabelled_story.cost(found, clock, log.stages_s)
            card = unlabelled_story.object_card(source, found, cost, settings)
            write_text(files / "README.md", developed_source_card(settings.name, card))
            made_from = Parent(data.fingerprint, f"data {data.name}")
            kept = developed_source.keep(store, files, card, settings.name, made_from, found.parent)
        stopped = unlabelled_story.why_stopped(log, learned)
        record = unlabelled_story.record(settings, kept, found, reuse, lines, cost, stopped)
        log.stage("writing")
        write_development(folder, record, private=settings.private)
        shutil.rmtree(folder / ATTEMPTS, ignore_errors=True)
    return Development(record, folder)


def _learned(
    data: Given,
    beginning: Begun,
    settings: DevelopSettings,
    until_s: float,
    watch: Watch,
    checkpoints: Path,
) -> Pretrained:
    """What the pretext taught; raises NothingYet where that is not worth keeping."""
    start = beginning.start
    try:
        learned = pretrain(
            start.network,
            data.inputs,
            size=start.size,
            seed=settings.seed,
            epochs=max(1, round(PASSES[settings.preset] * EPOCHS[data.inputs.modality])),
            deadline=until_s,
            watch=watch,
            target=data.target,
            checkpoints=checkpoints,  # a kill loses some seconds
        )
    except Diverged as problem:
        raise NothingYet(f"nothing could be learned: {problem}", remedy="Nothing was kept.") from problem
    if not learned.is_kept:
        if learned.finished:  # what was stopped may go on
            shutil.rmtree(checkpoints, ignore_errors=True)
        raise NothingYet(
            f"nothing worth keeping was learned from {len(data.inputs)} examples: {learned.reason}",
            remedy="Nothing was kept; the store is as it was. More examples, more time or labels may help.",
        )
    return learned
