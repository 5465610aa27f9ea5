"""How tensor names of a weight file become the network's own: rules from the catalogue, nothing hidden.

``keep`` and ``drop`` are patterns; ``rename`` a list of [pattern, replacement], the first that matches is
applied; ``unknown: drop`` leaves out what the network has no name for; ``join`` a list of [pattern, parts,
name, axis]: where the pattern matches, the parts are joined; ``by_order`` gives the file's tensors the
network's names in order, which the shapes must confirm.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from headstart.core.errors import SourceError

if TYPE_CHECKING:
    import torch

SHOWN = 3  # as many wrong names as help; a list of 200 does not
REMEDY = "These weights are for another architecture or version. Nothing of them was used."


def apply(
    tensors: Mapping[str, torch.Tensor],
    rules: Mapping[str, Any],
    wanted: Mapping[str, torch.Tensor],
    *,
    where: str,
) -> dict[str, torch.Tensor]:
    """`tensors` under the names of `wanted` (the network's state), names and shapes confirmed.

    Raises:
        SourceError: names are missing or unknown, or shapes differ.
    """
    kept = {
        name: value
        for name, value in tensors.items()
        if (not rules.get("keep") or matches(rules["keep"], name))
        and not matches(rules.get("drop", ()), name)
    }
    if rules.get("by_order"):
        named = dict(zip(wanted, kept.values(), strict=False)) if len(kept) == len(wanted) else kept
    else:
        named = join({rename(name, rules): value for name, value in kept.items()}, rules)
    if rules.get("unknown") == "drop":
        named = {name: value for name, value in named.items() if name in wanted}
    confirm(named, wanted, where=where)
    return named


def matches(patterns: list[str] | tuple[str, ...], name: str) -> bool:
    """Whether any of the patterns is found in `name`."""
    return any(re.search(pattern, name) for pattern in patterns)


def rename(name: str, rules: Mapping[str, Any]) -> str:
    """The name after the first rule that matches.

    >>> rename("backbone.norm.bias", {"rename": [["^backbone[.]", ""]]})
    'norm.bias'
    """
    for pattern, replacement in rules.get("rename", ()):
        if re.search(pattern, name):
            return re.sub(pattern, replacement, name)
    return name


def join(tensors: Mapping[str, torch.Tensor], rules: Mapping[str, Any]) -> dict[str, torch.Tensor]:
    """Tensors with their parts joined along an axis (query, key, value -> qkv)."""
    import torch

    joined = dict(tensors)
    for pattern, parts, target, axis in rules.get("join", ()):
        for name in [name for name in tensors if re.search(pattern, name)]:
            names = [re.sub(pattern, part, name) for part in parts]
            if all(part in tensors for part in names):
                joined[re.sub(pattern, target, name)] = torch.cat(
                    [joined.pop(part) for part in names], dim=axis
                )
    return joined


def confirm(named: Mapping[str, torch.Tensor], wanted: Mapping[str, torch.Tensor], *, where: str) -> None:
    """Refuse tensors whose names or shapes are not the network's."""
    missing = [name for name in wanted if name not in named]
    unknown = [name for name in named if name not in wanted]
    if missing or unknown:
        found = [f"{len(missing)} missing ({', '.join(missing[:SHOWN])})"] if missing else []
        found += [f"{len(unknown)} unknown ({', '.join(unknown[:SHOWN])})"] if unknown else []
        raise SourceError(
            "tensor names differ: " + ", ".join(found),
            where=where,
            expected=f"the {len(wanted)} of the network",
            remedy=REMEDY,
        )
    for name, value in named.items():
        if value.shape != wanted[name].shape:
            raise SourceError(
                f"{name} has shape {list(value.shape)}",
                where=where,
                expected=str(list(wanted[name].shape)),
                remedy=REMEDY,
            )
