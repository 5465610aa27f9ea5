"""Write what a run leaves for people and tools: run.json, evidence.parquet, report.html."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from headstart.core.evidence import Evidence
from headstart.core.folds import Folds
from headstart.core.run import RunRecord
from headstart.core.task import Task
from headstart.report.evidence_table import write_evidence
from headstart.report.page import html
from headstart.report.pictures import Pictures, rows_to_show
from headstart.report.record import RECORD_NAME, to_json
from headstart.report.whole_file import write_text, write_whole


def write_run(
    folder: str | Path,
    run: RunRecord,
    evidence: Sequence[Evidence],
    task: Task,
    folds: Folds,
    *,
    private: bool = False,
) -> None:
    """Write the run's files into `folder`, each whole or not at all; `run.json` last.

    So a folder with a `run.json` has everything that it speaks of. `private` keeps examples of the data,
    and their names, off the page. Raises `MachineError` or `OutputError` (see `write_whole`).
    """
    place = Path(folder)
    pictures = Pictures.withheld() if private else Pictures.of(task, rows_to_show(run))
    write_whole(place / "evidence.parquet", lambda part: write_evidence(part, evidence, task, folds))
    write_text(place / "report.html", html(run, pictures))
    write_text(place / RECORD_NAME, to_json(run))
