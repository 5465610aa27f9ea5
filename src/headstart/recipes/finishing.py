"""The run's folder, written: model, card, evidence, record and report; and the run kept for those to come."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from headstart.core.evidence import Evidence
from headstart.core.folds import Folds
from headstart.core.run import RunRecord
from headstart.core.specification import Specification
from headstart.core.task import Task
from headstart.data import seen_rows
from headstart.recipes import assembling, continuing, meeting
from headstart.recipes.checking import merged
from headstart.recipes.deciding import Decision
from headstart.recipes.remembering import keep
from headstart.recipes.settings import FitSettings
from headstart.report import write_run
from headstart.report.whole_file import write_whole
from headstart.serve import AdaptedModel


def finish(
    folder: Path,
    model: AdaptedModel,
    record: RunRecord,
    evidence: Sequence[Evidence],
    decision: Decision,
    task: Task,
    folds: Folds,
    settings: FitSettings,
    asked: Specification | None,
) -> RunRecord:
    """Write everything, the record last; the record with what writing added: the specification, findings.

    Raises:
        MachineError: the disk does not take it.
    """
    continuing.make_way(folder)
    assembling.keep(model, record, folder / "model")
    rows = seen_rows.seen_rows(task.inputs)
    for place in (folder, folder / "model"):  # the model may be taken out of its run
        write_whole(place / seen_rows.FILE, partial(seen_rows.write, rows))
    record = meeting.completed(record, asked, task, decision, model, folder / "model")
    assembling.describe(record, folder / "model")
    write_run(folder, record, evidence, task, folds, private=settings.private)
    unkept = keep(folder, record, settings)  # in the store, for the runs to come
    if unkept:
        record = record.model_copy(update={"findings": merged(record.findings, unkept)})
        write_run(folder, record, evidence, task, folds, private=settings.private)
    continuing.tidy(folder, record.stopped)
    return record
