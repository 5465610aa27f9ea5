"""The page of `sim fit`: one file, films in it, nothing fetched."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

from headstart.core.control import ControlRecord
from headstart.core.run import RunRecord
from headstart.report import names, quantities
from headstart.report.charts import gain, returns, scores
from headstart.report.charts.chart import Cell, Chart, Table
from headstart.report.control_evidence import write_control_evidence
from headstart.report.glossary import Terms, anchor
from headstart.report.page import asset, environment
from headstart.report.pictures import ROWS_PER_FINDING, Pictures
from headstart.report.quantities import count, significant
from headstart.report.record import RECORD_NAME, to_json
from headstart.report.units import Unit, unit_of
from headstart.report.whole_file import write_text

TEMPLATE = "control.html.j2"
SCRATCH = "scratch"


def write_control_run(folder: Path, run: RunRecord) -> None:
    """Write `evidence.parquet`, `report.html` and then `run.json`, each whole or not at all."""
    if run.control is not None:
        write_control_evidence(folder / "evidence.parquet", run.control)
    write_text(folder / "report.html", html(run, folder))
    write_text(folder / RECORD_NAME, to_json(run))


def html(run: RunRecord, folder: Path) -> str:
    """The page; films are read from `folder`.

    Raises:
        ValueError: the record is of no control run.
    """
    if run.control is None:
        raise ValueError("a record without its part of control")
    terms, unit = Terms(), unit_of(run.task.metric)
    known: dict[str, Any] = {"q": quantities, "names": names, "terms": terms, "unit": unit, "anchor": anchor}
    known |= {"meaning": terms.meaning, "capital": names.capital}
    return (
        environment(known)
        .get_template(TEMPLATE)
        .render(
            run=run,
            control=run.control,
            pictures=Pictures(),
            films=[(film, _embedded(folder / film.file)) for film in run.control.films],
            charts={
                "curves": returns.draw(run.control.arms, unit, _leading(run)),
                "scores": _scores(run, unit),
                "gain": gain.draw(run.verdict, unit),
            },
            gauges=_gauges(run.control),
            spent=_spent(run.control),
            rows_per_finding=ROWS_PER_FINDING,
            css=asset("style.css"),
            js=asset("report.js"),
        )
    )


def _leading(run: RunRecord) -> str:
    """The strategy to draw: the one that is handed back, or else the best."""
    if run.chosen.candidate in {one.id for one in run.candidates}:
        return run.chosen.candidate
    scored = [one for one in run.candidates if one.score is not None]
    return max(scored, key=lambda one: one.score or 0.0).id if scored else ""


def _scores(run: RunRecord, unit: Unit) -> Chart | None:
    titles = {arm.candidate: arm.title for arm in (run.control.arms if run.control else ())}
    lines = [
        scores.Line(
            one.id,
            f"{titles.get(one.id, 'the source as it is')}; {one.settings['scored']}",
            one.score,
            "transfer" if one.source else "control",
            one.interval,
        )
        for one in sorted((*run.candidates, *run.controls), key=lambda one: -(one.score or -1e300))
        if one.score is not None
    ]
    return scores.draw(lines, unit, f"Returns of {len(lines)} ways, interquartile means with 90 % intervals.")


def _gauges(control: ControlRecord) -> Table:
    rows = [
        (
            Cell(one.candidate),
            _number(one.jump_start),
            _number(one.asymptote),
            _steps(one.steps_to_threshold),
            _steps(one.control_steps_to_threshold),
            _number(one.ratio),
        )
        for one in control.gauges
    ]
    columns = ("strategy", "jump-start", "asymptote", "steps to threshold", "from scratch", "transfer ratio")
    return Table(columns, tuple(rows))


def _spent(control: ControlRecord) -> Table:
    rows = [
        (
            Cell(arm.candidate),
            Cell(count(len(arm.learners)), len(arm.learners)),
            Cell(count(arm.steps), arm.steps),
            Cell(count(arm.looked), arm.looked),
            Cell(count(arm.simulated), arm.simulated),
            Cell(significant(arm.violations), arm.violations),
            Cell("–" if arm.harmed is None else f"{arm.harmed} of {len(arm.learners)}", arm.harmed or 0),
        )
        for arm in control.arms
    ]
    columns = (
        "arm",
        "learners",
        "learned from",
        "looked at",
        "simulated",
        "limits broken",
        "ended below the source",
    )
    return Table(columns, tuple(rows))


def _steps(value: int | None) -> Cell:
    return Cell("never", None) if value is None else Cell(count(value), value)


def _number(value: float | None) -> Cell:
    return Cell("–", None) if value is None else Cell(significant(value), value)


def _embedded(file: Path) -> str:
    return "data:image/gif;base64," + b64encode(file.read_bytes()).decode()
