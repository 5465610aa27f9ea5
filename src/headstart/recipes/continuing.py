"""A run that was stopped goes on: what it was begun with is on record, and must be what is asked for now."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from headstart import __version__
from headstart.core.errors import OutputError
from headstart.core.run import RunRecord
from headstart.core.task import Task
from headstart.core.watch import Watch
from headstart.how.pieces import Pieces
from headstart.recipes.opening import Opened
from headstart.recipes.settings import FitSettings
from headstart.recipes.sources_at_hand import Shelf
from headstart.report import read_run
from headstart.report.whole_file import write_text
from headstart.sources.threads import physical_cores

STARTED, PIECES, RECORD, MODEL = "started.json", "pieces", "run.json", "model"
# Options that may differ when a run goes on: they say how long, where and in what company it computes, or
# name places whose content is compared instead (data and test by fingerprint).
FREE = {
    "data", "test", "out", "resume", "dry_run", "offline", "private",
    "time_limit_s", "threads", "memory_bytes",
}  # fmt: skip


def finished(folder: Path, settings: FitSettings, data: Opened) -> RunRecord | None:
    """The record, where there is nothing to go on with; None where there is, or no run at all.

    Raises:
        OutputError: the run there is finished, and of other data or options than are asked for now.
    """
    if not (folder / RECORD).exists():
        return None
    record = read_run(folder)
    if record.stopped == "interrupt" and (folder / STARTED).exists():
        return None
    begun = FitSettings.model_validate({"data": settings.data, **record.lineage.options})
    known = {part: made for part, made in record.lineage.data.items() if part in ("train", "test")}
    before = {"options": decisive(begun), "data": known}
    _refuse_others(folder, before, {"options": decisive(settings), "data": fingerprints(data)})
    return record


def begin_or_continue(
    folder: Path, settings: FitSettings, data: Opened, shelf: Shelf, watch: Watch
) -> tuple[Shelf, Pieces]:
    """The sources to use, and the finished fits of an earlier process (none in a new folder).

    What the run is begun with is written down first. A folder that was begun with something else is
    refused; sources that have come to hand since are left out.

    Raises:
        OutputError: the folder was begun with other data, options or sources; each is named.
    """
    now = description(settings, data, shelf)
    before = started(folder)
    if before is None:
        shutil.rmtree(folder / PIECES, ignore_errors=True)  # nobody knows what they were made from
        write_text(folder / STARTED, json.dumps(now, indent=1, sort_keys=True))
        if settings.resume:
            watch.say(f"there is no run in {folder} to continue: it is begun now")
    else:
        _refuse_others(folder, before, now)
        networks = {name: shelf.networks[name] for name in before["sources"]}
        for name in sorted(set(shelf.networks) - set(networks)):
            watch.say(f"{name} was not at hand when the run was begun: left out")
        shelf = replace(shelf, networks=networks)
        if before["threads"] != now["threads"]:
            watch.say(
                f"goes on with {now['threads']} threads instead of {before['threads']}: "
                "scores may differ in the last digits from those of a run that was left alone"
            )
    pieces = Pieces(folder / PIECES, (*rows_of(data.task), settings.seed), watch)
    if before is not None:
        kept = len(list((folder / PIECES).glob("*.fit")))
        watch.say(f"goes on in {folder}: {kept} finished fits are there")
    return shelf, pieces


def description(settings: FitSettings, data: Opened, shelf: Shelf) -> dict[str, Any]:
    """What decides a run's outcome, as JSON values."""
    return {
        "headstart": __version__,
        "options": decisive(settings),
        "data": fingerprints(data),
        "sources": {name: network.card.weights_sha256 for name, network in shelf.networks.items()},
        "threads": settings.threads or physical_cores(),
    }


def decisive(settings: FitSettings) -> dict[str, Any]:
    """The options that must be the same when a run goes on, as JSON values."""
    return settings.model_dump(mode="json", exclude=FREE)


def fingerprints(data: Opened) -> dict[str, str]:
    """Of the examples to learn from, and of the test data where there are some."""
    found = {"train": data.task.fingerprint}
    return found if data.test is None else found | {"test": data.test.fingerprint}


def rows_of(task: Task) -> tuple[Any, ...]:
    """Contents, labels and groups in their order: fits name rows by number, a fingerprint has no order."""
    return list(task.inputs.hashes), list(task.classes), task.metric, task.targets, task.groups


def started(folder: Path) -> Mapping[str, Any] | None:
    """What the run in the folder was begun with; None where that cannot be read."""
    try:
        found = json.loads((folder / STARTED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    known = {"headstart", "options", "data", "sources", "threads"}
    return found if isinstance(found, dict) and set(found) >= known else None


def _refuse_others(folder: Path, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    wrong = [
        f"{_words[part]} {name} was {_short(before[part].get(name))}, is {_short(now[part].get(name))}"
        for part in ("options", "data", "sources")
        if part in before
        for name in sorted({*before[part], *(now[part] if part != "sources" else ())})
        if before[part].get(name) != now[part].get(name)
    ]
    if before.get("headstart") != now.get("headstart"):
        wrong.append(f"headstart was {before['headstart']}, is {now['headstart']}")
    if wrong:
        raise OutputError(
            "; ".join(wrong),
            where=str(folder),
            expected="what the run there was begun with",
            remedy="Give the same data and options to continue it, or begin another run with --out.",
        )


_words = {"options": "option", "data": "data:", "sources": "source"}


def _short(value: Any) -> str:
    """A value as a person reads it; of a hash the beginning."""
    if value is None or value == []:
        return "not there" if value is None else "not given"
    text = value if isinstance(value, str) else json.dumps(value)
    return f"{text[:12]}…" if len(text) > 40 else text


def make_way(folder: Path) -> None:
    """Remove what an earlier process wrote last, the record first: a folder with a record is whole."""
    (folder / RECORD).unlink(missing_ok=True)
    shutil.rmtree(folder / MODEL, ignore_errors=True)
    for left in [*folder.glob(f".{MODEL}-*"), *folder.glob(".*.part"), *folder.glob(".write-*")]:
        shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)


def tidy(folder: Path, stopped: str | None) -> None:
    """When all is written: pieces are kept only where Ctrl-C left something to go on with."""
    if stopped != "interrupt":
        (folder / STARTED).unlink(missing_ok=True)
        shutil.rmtree(folder / PIECES, ignore_errors=True)
