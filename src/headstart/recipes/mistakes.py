"""All mistakes in the options as one message, each with its place and the nearest right name."""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from headstart.core.errors import OptionError

# What a flag or a keyword is called, and the setting it fills (settings carry their unit in the name).
ALIASES = {"time_limit": "time_limit_s", "memory": "memory_bytes"}
_PURPOSE = {"data": "it names the examples to learn from", "name": "the store keeps the model under it"}
SHOWN_SIGNS = 60  # of a wrong value; a file may hold anything

_SPOKEN = {setting: alias for alias, setting in ALIASES.items()}


def gathered(lines: Sequence[str]) -> OptionError:
    """One error that lists every mistake."""
    if len(lines) == 1:
        return OptionError(lines[0])
    listed = "\n  ".join(f"{number}. {line}" for number, line in enumerate(lines, 1))
    return OptionError(f"{len(lines)} mistakes in the options:\n  {listed}")


def lines(error: ValidationError, model: type[BaseModel], places: Mapping[str, str]) -> list[str]:
    """One line per mistake that pydantic found in `model`."""
    return [_line(dict(mistake), model, places) for mistake in error.errors()]


def not_yet(setting: str, place: str) -> str:
    """The line for an option that is promised and not built."""
    return f"{place}{spoken(setting, place)}: this version cannot do that yet; leave it out."


def near(name: str, known: Sequence[str]) -> str:
    """`` Did you mean 'seed'?``, or nothing when no known name is near.

    >>> near("sede", ["seed", "label"])
    " Did you mean 'seed'?"
    """
    match = difflib.get_close_matches(name, known, n=1, cutoff=0.7)
    return f" Did you mean '{match[0]}'?" if match else ""


def near_path(path: Path) -> str:
    """What to do about a path that is not there: a neighbour with a near name, if there is one."""
    try:
        neighbours = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    except OSError:
        neighbours = []
    return (f"Check the path.{near(path.name, neighbours)}").strip()


def unreadable(flag: str, path: str, error: OSError) -> str:
    """The line for a file that an option names and that cannot be read."""
    near = f" {near_path(Path(path).expanduser())}" if isinstance(error, FileNotFoundError) else ""
    return f"{flag} {path}: cannot be read ({error.strerror or error}).{near}"


def spoken(setting: str, prefix: str) -> str:
    """A setting as the user writes it: a flag has ``-``, a key has no unit."""
    name = _SPOKEN.get(setting, setting)
    return name.replace("_", "-") if prefix == "--" else name


def shown(value: object) -> str:
    """A wrong value as a few signs, however much it holds.

    >>> shown("photos"), len(shown("x" * 1000))
    ("'photos'", 60)
    """
    short = reprlib.Repr()
    short.maxstring = short.maxother = SHOWN_SIGNS
    return short.repr(value)


def _line(mistake: dict[str, Any], model: type[BaseModel], places: Mapping[str, str]) -> str:
    path = [str(part) for part in mistake["loc"]]
    prefix = _place(path, places)
    where = prefix + ".".join(spoken(part, prefix) for part in path)
    if mistake["type"] == "extra_forbidden":
        known = [spoken(name, prefix) for name in _fields(model, path[:-1])]
        return f"{where}: there is no such option.{near(spoken(path[-1], prefix), known)}"
    if mistake["type"] == "missing":
        return f"{where}: is missing; {_PURPOSE.get(path[-1], 'it is needed')}."
    expected, choices = _expected(mistake)
    wish = near(mistake["input"], choices) if isinstance(mistake["input"], str) else ""
    return f"{where}: {shown(mistake['input'])} will not do (expected: {expected}).{wish}"


def _place(path: Sequence[str], places: Mapping[str, str]) -> str:
    """The prefix of the layer that decided the setting at `path`, or the nearest setting above it."""
    for end in range(len(path), 0, -1):
        prefix = places.get(".".join(path[:end]))
        if prefix is not None:
            return prefix
    return ""


def _expected(mistake: Mapping[str, Any]) -> tuple[str, list[str]]:
    """What would have been right, in words, and the choices where they are few."""
    context = mistake.get("ctx", {})
    match mistake["type"]:
        case "literal_error" | "enum":
            words = context["expected"].replace(" or ", ", ").replace("'", "").split(", ")
            return " or ".join([", ".join(words[:-1]), words[-1]]), words
        case "greater_than_equal":
            return f"at least {context['ge']:,}", []
        case "less_than_equal":
            return f"at most {context['le']:,}", []
        case "value_error":
            return str(context["error"]), []
        case "bool_parsing" | "bool_type":
            return "true or false", []
        case "string_type":
            return "one word or path", []
    said = mistake["msg"].removeprefix("Input should be ")
    return said[0].lower() + said[1:], []


def _fields(model: type[BaseModel], path: Sequence[str]) -> list[str]:
    for part in path:
        inner = model.model_fields[part].annotation if part in model.model_fields else None
        if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
            return []
        model = inner
    return list(model.model_fields)
