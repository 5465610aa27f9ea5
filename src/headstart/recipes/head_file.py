"""The head of a developed source on its own task, as it lies beside the weights in the store."""

from __future__ import annotations

from pathlib import Path

from headstart.core.errors import StoreError
from headstart.training.head import Head

FILE = "head.safetensors"


def write(head: Head, path: Path) -> None:
    """Keep it."""
    from safetensors.numpy import save_file

    save_file({"mean": head.mean, "inverse": head.inverse, "weight": head.weight, "bias": head.bias}, path)


def read(path: Path) -> Head:
    """The inverse of `write`.

    Raises:
        StoreError: the file is damaged.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        found = load_file(path)
        return Head(found["mean"], found["inverse"], found["weight"], found["bias"])
    except (OSError, SafetensorError, KeyError) as error:
        raise StoreError(
            f"the source's head cannot be read ({error})",
            where=str(path),
            expected="a whole safetensors file",
        ) from error
