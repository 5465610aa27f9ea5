"""What was measured on this machine, kept so that later processes decide the same way.

One small JSON file per fact under ``cache/machine``; the first process to write a fact wins, so that a
probe that would come out differently on a busy day cannot change a model's bytes. Only what changes no
byte (a pace) is replaced by what was measured last.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from headstart.core import places


@cache
def processor() -> str:
    """The processor's model name."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def remember(facts: Mapping[str, Any], measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The measurement for these facts on this machine: kept, or made now and kept."""
    facts, path = complete(facts)
    kept = recall(path)
    if kept is None:
        measured = measure()
        keep(path, {"facts": facts, "measured": measured})
        kept = recall(path) or measured  # another process may have been first
    return kept


def replace(facts: Mapping[str, Any], measured: Mapping[str, Any]) -> None:
    """Keep the measurement for these facts in place of an earlier one."""
    facts, path = complete(facts)
    keep(path, {"facts": facts, "measured": measured}, anew=True)


def known(facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """The kept measurement for these facts, if there is one; nothing is measured."""
    return recall(complete(facts)[1])


def complete(facts: Mapping[str, Any]) -> tuple[dict[str, Any], Path]:
    """The facts with those of the machine, and the file where their measurement is kept."""
    facts = {**facts, **here()}
    name = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:24]
    return facts, folder() / f"{name}.json"


def here() -> dict[str, str]:
    """The machine and what computes on it."""
    import torch

    return {"processor": processor(), "torch": torch.__version__}


def folder() -> Path:
    """Where measurements are kept; safe to delete: what is needed is measured again."""
    return places.cache() / "machine"


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept measurement: what it depends on, what was found, and when."""

    facts: dict[str, Any]
    measured: dict[str, Any]
    taken: datetime


def kept() -> list[Kept]:
    """Every readable measurement that holds here: those of other processors and versions do not."""
    found = []
    for path in sorted(folder().glob("*.json")):
        measured = recall(path)
        if measured is not None:
            facts = json.loads(path.read_text(encoding="utf-8")).get("facts", {})
            found.append(Kept(facts, measured, datetime.fromtimestamp(path.stat().st_mtime, UTC)))
    return [one for one in found if here().items() <= one.facts.items()]


def recall(path: Path) -> dict[str, Any] | None:
    """A kept measurement; None when there is none, or it is damaged."""
    try:
        measured = json.loads(path.read_text(encoding="utf-8"))["measured"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return measured if isinstance(measured, dict) else None


def keep(path: Path, record: Mapping[str, Any], *, anew: bool = False) -> None:
    """Write a record whole, unless a readable one is there (`anew`: also then); a read-only cache may be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(record, stream, indent=1)
        if anew or recall(path) is None:
            os.replace(temporary, path)
        else:
            os.unlink(temporary)
    except OSError:
        return
