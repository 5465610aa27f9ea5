"""Weights on the shelf become a network with a spine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headstart.core.errors import SourceError
from headstart.core.kinds import Modality
from headstart.core.source import Network
from headstart.sources import architectures, mapping
from headstart.sources.catalogue import Entry

if TYPE_CHECKING:
    import torch

WEIGHTS, GRAPH, TOKENIZER = "weights.safetensors", "graph.onnx", "tokenizer.json"


def tensors(path: Path, *, where: str) -> dict[str, torch.Tensor]:
    """The tensors of a safetensors file, in the order of the original where it was kept."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(path), framework="pt") as file:
            order = (file.metadata() or {}).get("order", "").split("\n")
            names = order if set(order) == set(file.keys()) else list(file.keys())
            return {name: file.get_tensor(name) for name in names}
    except (SafetensorError, OSError, ValueError) as damage:
        raise SourceError(
            f"cannot be read as safetensors ({damage})",
            where=where,
            expected="a whole safetensors file",
            remedy="The file is truncated or of another format. Fetch it again.",
        ) from damage


def fill(network: torch.nn.Module, state: Mapping[str, torch.Tensor]) -> torch.nn.Module:
    """`network` with this state in float32."""
    network.load_state_dict(
        {name: value.float() if value.is_floating_point() else value for name, value in state.items()}
    )
    return network.float().eval()


def mapped(entry: Entry, raw: Sequence[Path]) -> torch.nn.Module:
    """The network of an entry, filled from files with the original names."""
    network = architectures.build(entry.architecture)
    found = {name: value for path in raw for name, value in tensors(path, where=entry.card.id).items()}
    return fill(network, mapping.apply(found, entry.mapping, network.state_dict(), where=entry.card.id))


def write(network: torch.nn.Module, path: Path) -> None:
    """The network's state as safetensors."""
    from safetensors.torch import save_file

    save_file({name: value.contiguous() for name, value in network.state_dict().items()}, path)


def load(entry: Entry, folder: Path) -> Network:
    """The network of an entry from its folder; it remembers both, so that it can be packed again."""
    if entry.architecture.library == "onnx":
        from headstart.sources.graph import GraphNetwork

        loaded: Any = GraphNetwork(entry.card, folder / GRAPH, entry.preprocessing)
    else:
        module = architectures.build(entry.architecture)
        state = tensors(folder / WEIGHTS, where=entry.card.id)
        mapping.confirm(state, module.state_dict(), where=entry.card.id)
        loaded = network(entry, fill(module, state), folder)
    loaded.entry, loaded.folder = entry, folder
    as_network: Network = loaded
    return as_network


def network(entry: Entry, module: torch.nn.Module, folder: Path) -> Network:
    """A loaded module with its preprocessing around it."""
    if entry.card.modality is Modality.TEXT:
        from headstart.sources.texts import TextNetwork

        return TextNetwork(entry.card, module, folder / TOKENIZER, entry.preprocessing)
    from headstart.sources.images import ImageNetwork

    return ImageNetwork(entry.card, module, entry.preprocessing)
