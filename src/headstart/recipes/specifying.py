"""Read a specification: what the product needs, in a YAML file; all mistakes told at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from headstart.core.errors import OptionError
from headstart.core.kinds import Kind
from headstart.core.specification import Specification
from headstart.metrics import METRICS
from headstart.recipes import mistakes
from headstart.recipes.settings import JobSettings
from headstart.sources.catalogue import starters

MOST_BYTES = 2**20  # a specification is a page; a gigabyte that was named by mistake is not read
LICENCES = ("MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0")

Settings = TypeVar("Settings", bound=JobSettings)


def read(path: str) -> Specification:
    """The specification in a file.

    Raises:
        OptionError: every mistake in it at once, each with its line, its key and the nearest right name.
    """
    found: list[str] = []
    content, places = _content(path, found)
    if found:
        raise mistakes.gathered(found)
    try:
        asked = Specification.model_validate(content)
    except ValidationError as error:
        raise mistakes.gathered(found + mistakes.lines(error, Specification, places)) from None
    found += [f"{_place(places, key, path)}{key}: {said}" for key, said in _contradictions(asked)]
    if found:
        raise mistakes.gathered(found)
    return asked


def applied(settings: Settings, asked: Specification | None) -> Settings:
    """The settings that a run for this specification has: scored in its metric, its licences admitted.

    Raises:
        OptionError: the metric that was typed is another one.
    """
    if asked is None:
        return settings
    changed: dict[str, Any] = {}
    if asked.metric is not None:
        if settings.metric not in (None, asked.metric):
            raise OptionError(
                f"--metric {settings.metric}, and the specification asks for {asked.metric}",
                where=str(settings.spec),
                expected="one metric to score by",
                remedy="Leave --metric out, or correct the specification.",
            )
        changed["metric"] = asked.metric
    if asked.licence is not None and "licence" not in settings.model_fields_set:
        changed["licence"] = "permissive" if asked.licence == "permissive" else "any"
    return settings.model_copy(update=changed)


def _content(path: str, found: list[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The mapping in the file, and for each key (dotted) its place; mistakes are added to `found`."""
    import yaml

    file = Path(path).expanduser()
    try:
        if file.stat().st_size > MOST_BYTES:
            found.append(f"{path}: holds {file.stat().st_size:,} bytes; a specification is a page of text.")
            return {}, {}
        text = file.read_text(encoding="utf-8-sig")
        content = yaml.safe_load(text)
        lines = list(_keys(yaml.compose(text, Loader=yaml.SafeLoader)))
    except OSError as error:
        found.append(mistakes.unreadable("--spec", path, error))
        return {}, {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}, line {mark.line + 1}" if mark else path
        found.append(f"{where}: is not YAML ({getattr(error, 'problem', None) or error}).")
        return {}, {}
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        what = "nothing" if content is None else f"a {type(content).__name__}"
        found.append(f"{path}: holds {what}, expected lines of the form 'requirement: value'.")
        return {}, {}
    seen: dict[str, str] = {}
    for key, line in lines:
        if key in seen:
            found.append(f"{path}, line {line}, {key}: is there twice; keep one.")
        seen[key] = f"{path}, line {line}, "
    return content, seen


def _keys(node: Any, above: str = "") -> Iterator[tuple[str, int]]:
    """Every key of a composed mapping, down into mappings, with its line."""
    for key, value in getattr(node, "value", ()) if type(node).__name__ == "MappingNode" else ():
        name = f"{above}{key.value}"
        yield name, key.start_mark.line + 1
        if not above:
            yield from _keys(value, f"{name}.")


def _contradictions(asked: Specification) -> Iterator[tuple[str, str]]:
    """(key, what is wrong) of what is right by itself and not together."""
    if asked == Specification():
        yield "classes", "nothing is asked for; name at least one requirement."
    if asked.minimum_score is not None and asked.metric is None:
        yield "minimum_score", "in which metric? Add a line such as 'metric: accuracy'."
    if asked.metric is not None:
        yield from _about_score(asked, asked.metric)
    known = asked.classes
    floors = asked.per_class_floors if isinstance(asked.per_class_floors, dict) else {}
    for name in floors if known else ():
        if name not in known:
            yield f"per_class_floors.{name}", f"is not among the classes.{mistakes.near(name, known)}"
    spdx = {one.casefold() for one in (*LICENCES, *(e.card.licence for e in starters().values()))}
    for licence in asked.licence if isinstance(asked.licence, tuple) else ():
        near = mistakes.near(licence.casefold(), ["permissive", "any", *sorted(spdx)])
        if licence.casefold() not in spdx and near:
            yield "licence", f"{licence!r} is no licence known here.{near}"


def _about_score(asked: Specification, metric: str) -> Iterator[tuple[str, str]]:
    if metric not in METRICS:
        near = mistakes.near(metric, list(METRICS))
        yield "metric", f"{metric!r} is not known.{near or ' Known: ' + ', '.join(METRICS) + '.'}"
        return
    if asked.minimum_score is None:
        yield "metric", "is of the score; add 'minimum_score: …', or leave it out."
        return
    is_error = metric.startswith("neg_")
    low = 0.0 if METRICS[metric].kind is Kind.CLASSIFICATION and not is_error else float("-inf")
    if not low <= asked.minimum_score <= (0.0 if is_error else 1.0):
        what = "0 at most: errors count as negative scores" if is_error else "0 to 1, such as 0.9 for 90 %"
        yield "minimum_score", f"{asked.minimum_score:g} is no {metric} ({what})."
    if METRICS[metric].kind is Kind.REGRESSION and (asked.named_classes or asked.per_class_floors):
        yield "metric", f"{metric} is of values, and the specification names classes."


def _place(places: dict[str, str], key: str, path: str) -> str:
    return places.get(key, f"{path}, ")
