"""The page of a development: the four steps, each with its evidence; one file, nothing fetched."""

from __future__ import annotations

from typing import Any

from headstart.core.development import DevelopRecord
from headstart.report import names, quantities, requirements
from headstart.report.charts import agreement, confusion, learning, pairs, scores
from headstart.report.charts.chart import Chart
from headstart.report.development_words import stopped
from headstart.report.glossary import Terms, anchor
from headstart.report.page import asset, environment
from headstart.report.pictures import ROWS_PER_FINDING, Pictures
from headstart.report.quantities import count, duration
from headstart.report.units import Unit, unit_of

TEMPLATE = "development.html.j2"
UNSEEN = "held-out examples answered right; nothing was learned from them, nothing chosen by them"

VIEWS = "agreement of views"  # a share, as an accuracy is


def html(record: DevelopRecord, *, private: bool = False) -> str:
    """The page as one HTML document; `private` leaves names of examples out."""
    terms, unit = Terms(), unit_of(record.task.metric)
    known: dict[str, Any] = {"q": quantities, "names": names, "terms": terms, "unit": unit, "anchor": anchor}
    known["views"] = unit_of(VIEWS)
    template = environment({**known, "meaning": terms.meaning, "capital": names.capital}).get_template(
        TEMPLATE
    )
    return template.render(
        run=record,
        stopped=stopped(record),
        pictures=Pictures.withheld() if private else Pictures(),
        charts={
            "learning": learning.draw(record, unit),
            "views": _views(record),
            "starts": _starts(record, unit),
            "held_out": _held_out(record, unit),
            "confusion": confusion.draw(record, UNSEEN),
            "pairs": pairs.draw(record),
            "agreement": agreement.draw(record.predicted, f"Predicted against true values, {UNSEEN}."),
        },
        requirements=requirements.rows(record),
        requirement_sentence=requirements.sentence(record) if record.specification else "",
        rows_per_finding=ROWS_PER_FINDING,
        css=asset("style.css"),
        js=asset("report.js"),
    )


def _starts(record: DevelopRecord, unit: Unit) -> Chart | None:
    """From scratch against continued, on the part to stop by."""
    lines = [
        scores.Line(
            "from scratch" if one.parent is None else names.short_id(one.parent),
            f"{count(one.rows)} examples, {count(one.epochs)} epochs, {duration(one.cost_s)}; {one.status}",
            one.score,
            "control" if one.parent is None else "transfer",
        )
        for one in record.choice.alternatives
        if one.score is not None
    ]
    several = len({line.name for line in lines}) > 1
    return scores.draw(lines, unit, f"{len(lines)} tries on the part to stop by.") if several else None


def _views(record: DevelopRecord) -> Chart | None:
    """Without labels: how often two views of an example find each other, before and after."""
    if record.pretext is None:
        return None
    found, unit = record.pretext, unit_of(VIEWS)
    begun = record.choice.parent
    lines = [
        scores.Line("after", "developed without labels", found.after, "transfer"),
        scores.Line("before", names.short_id(begun) if begun else "from nothing", found.before, "control"),
    ]
    return scores.draw(lines, unit, f"On {count(found.n)} examples that nothing was learned from.")


def _held_out(record: DevelopRecord, unit: Unit) -> Chart | None:
    """What was developed against what can be had without."""
    if record.held_out is None:
        return None
    own = record.held_out
    lines = [scores.Line(record.name, "developed", own.score, "transfer", own.interval)]
    if record.baseline is not None:
        plain = record.baseline
        detail = f"nothing developed; fitted on {count(plain.n_learned)} examples"
        lines.append(scores.Line(plain.name, detail, plain.score, "control", plain.interval))
    return scores.draw(lines, unit, f"On {count(own.n)} examples that nobody used.")
