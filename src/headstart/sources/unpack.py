"""Weights of other forms become safetensors: run as a process of its own, with limits, by `quarantine`.

``python -m headstart.sources.unpack IN OUT``: .pth, .pt and .bin go through
``torch.load(weights_only=True)``, which runs no code that a file brings; .onnx through its protobuf,
external files refused. Exit status 3: unsafe or damaged, reason on stderr.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

REFUSED = 3


def flatten(loaded: Any) -> dict[str, Any]:
    """The tensors of a checkpoint by name, also when it wraps them (``state_dict``, ``model``)."""
    import torch

    for wrapper in ("state_dict", "model_state_dict", "model_state", "model"):
        if isinstance(loaded, Mapping) and isinstance(loaded.get(wrapper), Mapping):
            loaded = loaded[wrapper]
    if not isinstance(loaded, Mapping):
        raise ValueError(f"holds a {type(loaded).__name__}, expected tensors by name")
    tensors = {str(name): value for name, value in loaded.items() if isinstance(value, torch.Tensor)}
    if not tensors:
        raise ValueError("holds no tensors")
    # clone: tensors that share memory, or are views, cannot be written as they are
    return {name: value.detach().cpu().clone().contiguous() for name, value in tensors.items()}


def main(source: Path, target: Path) -> int:
    """Convert one file; 0, or REFUSED with the reason on stderr."""
    from safetensors.torch import save_file

    try:
        if source.suffix == ".onnx":
            from headstart.sources.onnx_weights import tensors_of

            tensors = tensors_of(source)
        else:
            import torch

            tensors = flatten(torch.load(source, map_location="cpu", weights_only=True))
        # the order of names is kept beside them: safetensors sorts by type, and a mapping by order needs it
        save_file(tensors, target, metadata={"order": "\n".join(tensors)})
    except Exception as refusal:  # whatever a hostile file sets off ends here, in this process
        print(
            f"{type(refusal).__name__}: {str(refusal).splitlines()[0] if str(refusal) else ''}",
            file=sys.stderr,
        )
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
