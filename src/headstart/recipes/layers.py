"""Options come in three layers: a configuration file, ``--set``, flags. The later one decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from headstart.recipes import mistakes

Layer = Mapping[str, Any]


def from_file(path: str, found: list[str]) -> dict[str, Any]:
    """The mapping in a YAML file; mistakes are added to `found`."""
    import yaml

    try:
        content = yaml.safe_load(Path(path).expanduser().read_text(encoding="utf-8-sig"))
    except OSError as error:
        found.append(mistakes.unreadable("--config", path, error))
        return {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}, line {mark.line + 1}" if mark else path
        found.append(f"{where}: is not YAML ({getattr(error, 'problem', None) or error}).")
        return {}
    if content is None:
        return {}
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        found.append(f"{path}: holds a {type(content).__name__}, expected lines of the form 'option: value'.")
        return {}
    return content


def from_assignments(assignments: tuple[str, ...], found: list[str]) -> dict[str, Any]:
    """What ``--set key.sub=value`` says; mistakes are added to `found`.

    >>> from_assignments(("folds.count=5", "private=true"), [])
    {'folds': {'count': 5}, 'private': True}
    """
    import yaml

    layer: dict[str, Any] = {}
    for assignment in assignments:
        key, equals, text = assignment.partition("=")
        if not equals or not all(key.split(".")):
            found.append(f"--set {assignment}: expected key=value or key.sub=value.")
            continue
        try:
            value = yaml.safe_load(text)
        except yaml.YAMLError:
            value = text
        *parents, last = key.split(".")
        inner = layer
        for parent in parents:
            inner = inner.setdefault(parent, {})
            if not isinstance(inner, dict):
                found.append(f"--set {assignment}: '{parent}' was set to a plain value before.")
                break
        else:
            inner[last] = value
    return layer


def named(layer: Layer) -> dict[str, Any]:
    """The same layer under the settings' own names: ``-`` as ``_``, aliases resolved."""
    plain = {key.replace("-", "_"): value for key, value in layer.items()}
    return {mistakes.ALIASES.get(key, key): value for key, value in plain.items()}


def merge(*layers: Layer) -> dict[str, Any]:
    """Later layers win, key by key, down into mappings.

    >>> merge({"folds": {"count": 5, "repeats": 2}}, {"folds": {"count": 3}})
    {'folds': {'count': 3, 'repeats': 2}}
    """
    merged: dict[str, Any] = {}
    for layer in layers:
        for key, value in layer.items():
            held = merged.get(key)
            if isinstance(held, Mapping) and isinstance(value, Mapping):
                value = merge(held, value)
            merged[key] = value
    return merged


def places(*prefixed: tuple[str, Layer]) -> dict[str, str]:
    """For each setting (dotted path), the prefix of the layer that decided it.

    >>> places(("c.yaml, ", {"folds": {"count": 5}, "seed": 1}), ("--", {"seed": 2}))
    {'folds': 'c.yaml, ', 'folds.count': 'c.yaml, ', 'seed': '--'}
    """
    return {path: prefix for prefix, layer in prefixed for path in _paths(layer)}


def _paths(layer: Layer, above: str = "") -> Iterator[str]:
    for key, value in layer.items():
        yield above + key
        if isinstance(value, Mapping):
            yield from _paths(value, f"{above}{key}.")
