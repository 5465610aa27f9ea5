"""`report.html`: one page, everything in it, nothing fetched; complete without JavaScript."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from headstart.core.run import RunRecord
from headstart.report import inheritance, names, quantities, requirements
from headstart.report.charts import (
    agreement,
    confusion,
    cost,
    depth,
    dots,
    gain,
    label_curve,
    pairs,
    retention,
    trade_off,
    waffle,
)
from headstart.report.charts.chart import Chart
from headstart.report.charts.scale import finite
from headstart.report.earlier import earlier
from headstart.report.facts import facts, handed_back
from headstart.report.glossary import Terms, anchor
from headstart.report.headline import comparison, opening, pair
from headstart.report.left_out import left_out
from headstart.report.members import groups
from headstart.report.pictures import ROWS_PER_FINDING, Pictures
from headstart.report.remembering import remembering
from headstart.report.reproduce import command
from headstart.report.units import Unit, unit_of

if TYPE_CHECKING:
    import jinja2

TEMPLATE = "report.html.j2"


def html(run: RunRecord, pictures: Pictures | None = None) -> str:
    """The report as one HTML document; everything that comes from the data is escaped.

    `pictures` shows the examples spoken of; without it they are named only, and `Pictures.withheld()`
    leaves out even their names.
    """
    terms, unit = Terms(), unit_of(run.task.metric)
    known = {"capital": names.capital, "meaning": terms.meaning, "anchor": anchor, "terms": terms}
    known |= {"q": quantities, "names": names, "unit": unit}
    return (
        environment(known)
        .get_template(TEMPLATE)
        .render(
            run=run,
            pictures=pictures or Pictures(),
            opening=opening(run),
            comparison=comparison(run),
            earlier=earlier(run),
            brought=inheritance.sentences(run, unit),
            facts=facts(run),
            handed_back=handed_back(run),
            left_out=left_out(run),
            members=groups(run),
            remembering=remembering(run),
            charts=_charts(run, unit),
            requirements=requirements.rows(run),
            requirement_sentence=requirements.sentence(run) if run.specification else "",
            command=command(run),
            rows_per_finding=ROWS_PER_FINDING,
            css=asset("style.css"),
            js=asset("report.js"),
        )
    )


def environment(known: dict[str, Any]) -> jinja2.Environment:
    """Where templates are filled: everything is escaped, a name that is not there is an error."""
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.PackageLoader("headstart.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(without=_without, code=_code, finite=finite, capitalize_first=names.capital)
    made.globals.update(known)
    return made


def _charts(run: RunRecord, unit: Unit) -> dict[str, Any]:
    both, verdict_unit = pair(run), unit_of(run.verdict.metric)
    countable = (
        verdict_unit.metric == "accuracy"
        and finite(both.with_transfer, both.without)
        and bool(run.candidates)
    )
    return {
        "waffle": waffle.draw(both.with_transfer, both.without) if countable else None,
        "gain": gain.draw(run.verdict, verdict_unit) if run.candidates else None,
        "dots": dots.draw(run, unit),
        "cost": cost.draw(run, unit),
        "depth": depth.draw(run, unit),
        "confusion": confusion.draw(run),
        "pairs": pairs.draw(run),
        "agreement": _agreement(run),
        "label_curve": label_curve.draw(run, unit),
        "trade_off": trade_off.draw(run, unit),
        "retention": _retention(run),
        "family": inheritance.family(run),
    }


def _retention(run: RunRecord) -> list[tuple[str, Chart]]:
    """A chart for each tuned network that was asked, under its name; those handed back first."""
    lines = run.retention.networks if run.retention else ()
    ordered = sorted(lines, key=lambda line: -sum(point.weight for point in line.curve))
    drawn = [(names.name_of(run, line.candidate), retention.draw(run, line)) for line in ordered]
    return [(name, chart) for name, chart in drawn if chart is not None]


def _agreement(run: RunRecord) -> Chart | None:
    unit = unit_of(run.task.metric)
    return agreement.draw(
        run.predicted,
        f"Predicted against true values of {len(run.predicted)} training examples, "
        f"each by models that had not seen it; {unit.label} {unit.score(run.chosen.score.estimate)}.",
    )


def _without(text: str, places: tuple[str, ...]) -> str:
    """A finding's words without the names of examples (`--private`)."""
    for place in sorted(places, key=len, reverse=True):
        text = text.replace(place, "…") if place else text
    return text


def _code(text: str) -> Markup:
    """What stands between backticks as code, everything escaped."""
    pieces = enumerate(text.split("`"))
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if at % 2 else escape(piece) for at, piece in pieces
    )


def asset(name: str) -> Markup:
    """A file of the templates, as it is."""
    return Markup(resources.files("headstart.report").joinpath("templates", name).read_text(encoding="utf-8"))
