"""A piece of work on disk: whole, of the right origin and undamaged, or not there at all.

One safetensors file holds tensors, a record (JSON) and a seal: a SHA-256 over all of them and over the
*origin*, which names everything that the piece depends on. It is written beside its place, brought to the
disk, then renamed. Whatever does not fit its seal on reading is removed, and counts as never written.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from headstart import __version__
from headstart.sources.machine import processor
from headstart.store.durable import make_folder, sync, sync_folder

if TYPE_CHECKING:
    import torch

FORMAT = 1
LIBRARIES = ("torch", "numpy", "scipy", "peft", "timm", "transformers")  # their versions can change numbers


@dataclass(frozen=True)
class Sealed:
    """What a piece holds: tensors by name (on the CPU, contiguous), and a record of plain JSON values."""

    tensors: Mapping[str, torch.Tensor]
    record: Mapping[str, Any]


def write(path: Path, origin: str, piece: Sealed) -> None:
    """Keep a piece at `path`, over an older one; it is on the disk when this returns.

    Raises:
        OSError: the disk does not take it; an older piece at `path` is still there then.
    """
    from safetensors.torch import save

    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in piece.tensors.items()}
    record = json.dumps(piece.record, sort_keys=True, allow_nan=False)
    metadata = {"origin": origin, "record": record, "seal": _seal(origin, record, tensors)}
    data = save(tensors, metadata=metadata)
    make_folder(path.parent)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as stream:
            stream.write(data)
            stream.flush()
            sync(stream.fileno())
        os.replace(part, path)
        sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def read(path: Path, origin: str) -> Sealed | None:
    """The piece at `path`; None where there is none, and where it is damaged or of another origin.

    A piece that is refused is removed.
    """
    from safetensors import SafetensorError, safe_open

    if not path.exists():
        return None
    try:
        with safe_open(str(path), framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  not a dict
        record = metadata["record"]
        whole = metadata["origin"] == origin and metadata["seal"] == _seal(origin, record, tensors)
        found = Sealed(tensors, json.loads(record)) if whole else None
    except (SafetensorError, OSError, ValueError, KeyError):
        found = None
    if found is None:
        with contextlib.suppress(OSError):  # a folder that may not be written to: it stays, unused
            path.unlink()
    return found


def origin_of(*parts: Any) -> str:
    """A hash that names an origin: `parts` may be JSON values, arrays and tensors; see `surroundings`.

    >>> origin_of("a", 1) == origin_of("a", 1), origin_of("a", 1) == origin_of("a", 2)
    (True, False)
    """
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, (str, int, float, bool, type(None), list, tuple, dict)):
            text = json.dumps(part, sort_keys=True, default=str).encode()
            digest.update(f"json {len(text)} ".encode() + text)
        else:
            head, content = _content_of(part)
            digest.update(head.encode())
            digest.update(content)
    return digest.hexdigest()


@cache
def surroundings() -> dict[str, str]:
    """What computes here, in the versions that it has: another one would end in other bytes.

    The number of threads is not among it: a run may go on with fewer, and says so.
    """
    found = {"headstart": __version__, "format": str(FORMAT), "processor": processor()}
    for name in LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _seal(origin: str, record: str, tensors: Mapping[str, torch.Tensor]) -> str:
    named = [part for name in sorted(tensors) for part in (name, tensors[name])]
    return origin_of(FORMAT, origin, record, *named)


def _content_of(part: Any) -> tuple[str, memoryview]:
    """Type and shape, and the bytes, of an array or a tensor."""
    import torch

    if isinstance(part, torch.Tensor):
        flat = part.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy()
        return f"tensor {part.dtype} {tuple(part.shape)} ", flat.data
    array = np.ascontiguousarray(part)
    return f"array {array.dtype} {array.shape} ", array.reshape(-1).view(np.uint8).data
