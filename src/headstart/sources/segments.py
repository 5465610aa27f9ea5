"""Features on disk: files written once and whole, so that several processes can add at once.

A segment is a safetensors file: ``keys`` [m, 16] bytes (hashes of contents) and ``features`` [m, width]
float32, with a CRC-32 of both in its metadata. A file that cannot be read, or whose CRC differs, is
removed: it is only a cache.
"""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

KEY_BYTES = 16


def keys_of(hashes: Sequence[str]) -> NDArray[np.bytes_]:
    """[n] fixed-length keys of content hashes, comparable and sortable."""
    joined = b"".join(blake2b(text.encode(), digest_size=KEY_BYTES).digest() for text in hashes)
    return np.frombuffer(joined, dtype=f"S{KEY_BYTES}")


def write(folder: Path, keys: NDArray[np.bytes_], features: NDArray[np.float32]) -> Path | None:
    """Add a segment; None when the disk does not take it (full, read-only): no reason to fail."""
    from safetensors.numpy import save

    raw = np.frombuffer(keys.tobytes(), dtype=np.uint8).reshape(-1, KEY_BYTES)
    features = np.ascontiguousarray(features, dtype=np.float32)
    data = save({"keys": raw, "features": features}, metadata={"crc32": str(checksum(raw, features))})
    temporary = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".new-", dir=folder)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        path = folder / f"{blake2b(raw.tobytes(), digest_size=KEY_BYTES).hexdigest()}.safetensors"
        os.replace(temporary, path)
    except OSError:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)
        return None
    return path


def read(path: Path) -> tuple[NDArray[np.bytes_], NDArray[np.float32]] | None:
    """(keys [m], features [m, width]) of a segment; None, and the file is gone, when it is damaged."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="numpy") as file:
            raw, features = file.get_tensor("keys"), file.get_tensor("features")
            stated = int((file.metadata() or {}).get("crc32", "-1"))
        if raw.shape != (len(features), KEY_BYTES) or features.ndim != 2 or checksum(raw, features) != stated:
            raise ValueError("not what was written")
        os.utime(path)  # least recently used goes first
    except FileNotFoundError:
        return None
    except (SafetensorError, OSError, ValueError):
        path.unlink(missing_ok=True)
        return None
    return np.frombuffer(raw.tobytes(), dtype=f"S{KEY_BYTES}"), features


def read_keys(path: Path) -> NDArray[np.bytes_]:
    """The keys [m] of a segment, its features left unread; none where it is damaged."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="numpy") as file:
            raw = file.get_tensor("keys")
    except (SafetensorError, OSError):
        return np.empty(0, dtype=f"S{KEY_BYTES}")
    return np.frombuffer(raw.tobytes(), dtype=f"S{KEY_BYTES}")


def checksum(raw: NDArray[np.uint8], features: NDArray[np.float32]) -> int:
    """CRC-32 over keys and features."""
    return zlib.crc32(features.data, zlib.crc32(raw.data))
