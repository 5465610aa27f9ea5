"""The options that verbs share: each is described once, and every verb takes those that make sense there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

if TYPE_CHECKING:
    from headstart.recipes.settings import FitSettings, Options

S = TypeVar("S", bound="Options")
_PRESENTATION = ("config", "assignments", "as_json", "quiet")
_DATA, _SOURCES, _BUDGET, _RUN, _OUTPUT = "Data", "Sources", "Budget", "Run", "Output"


def app(**extra: Any) -> typer.Typer:
    """An app for one verb, in the house's style."""
    return typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich", **extra)


def settings(given: dict[str, Any]) -> FitSettings:
    """The settings that a verb was given: its own arguments by name, those of presentation among them."""
    from headstart.recipes.settings import FitSettings

    return read(FitSettings, given)


def read(model: type[S], given: dict[str, Any]) -> S:
    """The same for the settings of a verb of its own."""
    flags = {name: value for name, value in given.items() if name not in _PRESENTATION and value != []}
    return model.read(flags, assignments=tuple(given.get("assignments") or ()), config=given.get("config"))


def _option(panel: str, words: str, name: str, metavar: str | None = None, *, hidden: bool = False) -> Any:
    return typer.Option(
        name, help=words, rich_help_panel=panel, metavar=metavar, show_default=False, hidden=hidden
    )


Data = Annotated[
    str, typer.Argument(metavar="DATA", help="a folder with a subfolder per class, or a table of examples")
]
Model = Annotated[str, typer.Argument(metavar="MODEL", help="a run's folder or its model/ folder")]

Label = Annotated[str | None, _option(_DATA, "column that holds the answer", "--label", "COL")]
Text = Annotated[str | None, _option(_DATA, "column that holds the text", "--text", "COL")]
Image = Annotated[str | None, _option(_DATA, "column that holds paths of images", "--image", "COL")]
Test = Annotated[str | None, _option(_DATA, "labelled data touched once, at the end", "--test", "DATA")]
Unlabelled = Annotated[
    str | None, _option(_DATA, "more examples, without labels", "--unlabelled", "DATA", hidden=True)
]
Groups = Annotated[str | None, _option(_DATA, "column of rows that must not be split", "--groups", "COL")]
NormalizeLabels = Annotated[
    bool | None, _option(_DATA, "merge labels that differ only in case or blanks", "--normalize-labels")
]
SourceData = Annotated[
    str | None, _option(_DATA, "a related labelled set", "--source-data", "DATA", hidden=True)
]
Kind = Annotated[str | None, _option(_DATA, "guessed from the labels", "--kind", "classification|regression")]
Metric = Annotated[str | None, _option(_DATA, "what to score by; chosen by the data", "--metric", "NAME")]

Sources = Annotated[
    list[str] | None, _option(_SOURCES, "use only this source (repeatable; default: all)", "--source", "ID")
]
Exclude = Annotated[
    list[str] | None, _option(_SOURCES, "leave this source out (repeatable)", "--exclude", "ID")
]
Licence = Annotated[
    str | None, _option(_SOURCES, "licences to admit (default: permissive)", "--licence", "permissive|any")
]
Spec = Annotated[
    str | None, _option(_SOURCES, "what the product needs; checked line by line", "--spec", "FILE.yaml")
]
Keep = Annotated[
    str | None,
    _option(_SOURCES, "labelled data of a task that tuning should not unlearn: measured", "--keep", "TASK"),
]
KeepAtLeast = Annotated[
    float | None,
    _option(_SOURCES, "share of the source's score on --keep to hold, e.g. 0.98", "--keep-at-least", "SHARE"),
]
Like = Annotated[str | None, _option(_SOURCES, "repeat the recipe of a run", "--like", "RUN")]

Preset = Annotated[str | None, _option(_BUDGET, "how much work to do", "--preset", "fast|balanced|best")]
TimeLimit = Annotated[
    float | None, _option(_BUDGET, "from start to written report", "--time-limit", "SECONDS")
]
Threads = Annotated[int | None, _option(_BUDGET, "processor threads (default: all)", "--threads", "N")]
MaxNetworks = Annotated[
    int | None,
    _option(_BUDGET, "most networks that one prediction may cost (default: 3)", "--max-networks", "N"),
]
Memory = Annotated[str | None, _option(_BUDGET, "most memory to use, e.g. 4GB", "--memory", "BYTES")]
Device = Annotated[str | None, _option(_BUDGET, "where to compute", "--device", "auto|cpu|cuda|mps")]

Seed = Annotated[int | None, _option(_RUN, "same seed, same result (default: 0)", "--seed", "N")]
Store = Annotated[
    str | None, _option(_RUN, "another knowledge store than HEADSTART_HOME/store", "--store", "DIR")
]
Remember = Annotated[
    bool | None,
    _option(_RUN, "learn from earlier runs and keep this one (default: yes)", "--remember/--no-remember"),
]
Out = Annotated[str | None, _option(_RUN, "the run's folder", "--out", "DIR")]
Resume = Annotated[bool | None, _option(_RUN, "continue the run in --out", "--resume")]
DryRun = Annotated[
    bool | None, _option(_RUN, "plan, cost and download sizes; nothing is fetched", "--dry-run")
]
Offline = Annotated[bool | None, _option(_RUN, "use what the cache has; no network", "--offline")]
Private = Annotated[bool | None, _option(_RUN, "no examples of the data in the report", "--private")]
Config = Annotated[str | None, _option(_RUN, "options from a file", "--config", "FILE.yaml")]
Set = Annotated[
    list[str] | None, _option(_RUN, "one option, e.g. folds.count=5 (repeatable)", "--set", "KEY=VALUE")
]

Json = Annotated[bool, _option(_OUTPUT, "print one JSON document and nothing else", "--json")]
Quiet = Annotated[bool, _option(_OUTPUT, "no progress", "--quiet")]
