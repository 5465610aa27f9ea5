"""Small random networks and inputs in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from headstart.core.kinds import Modality
from headstart.core.source import SourceCard

IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225], "interpolation": "bilinear"}


@dataclass
class Examples:
    """Inputs in memory that count how often each was read."""

    contents: Sequence[Any]
    modality: Modality = Modality.IMAGE
    reads: list[int] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        return [str(number) for number in range(len(self.contents))]

    @property
    def hashes(self) -> list[str]:
        raw = (item.encode() if isinstance(item, str) else item.tobytes() for item in self.contents)
        return [hashlib.sha256(data).hexdigest() for data in raw]

    def __len__(self) -> int:
        return len(self.contents)

    def read(self, index: int) -> Any:
        self.reads.append(index)
        return self.contents[index]

    def locate(self, index: int) -> str:
        return str(index)

    def select(self, rows: Sequence[int]) -> Examples:
        return Examples([self.contents[row] for row in rows], self.modality)


def pictures(n: int, side: int = 40, seed: int = 0) -> Examples:
    noise = np.random.default_rng(seed).integers(0, 256, (n, side, side, 3), dtype=np.uint8)
    return Examples([Image.fromarray(picture) for picture in noise])


def card(modality: Modality = Modality.IMAGE, sizes: tuple[int, ...] = (32,), **facts: Any) -> SourceCard:
    known: dict[str, Any] = {
        "id": "file:tiny",
        "name": "tiny",
        "modality": modality,
        "architecture": "test/tiny",
        "parameters": 0,
        "weights_sha256": "0" * 64,
        "licence": "MIT",
        "permissive": True,
        "download_bytes": 0,
        "input_sizes": sizes,
        "tunable": True,
        "pretraining": "",
    }
    return SourceCard(**known | facts)


def image_network(library: str, name: str, side: int, **options: Any) -> Any:
    import torch

    from headstart.sources.architectures import build
    from headstart.sources.catalogue import Architecture
    from headstart.sources.images import ImageNetwork

    torch.manual_seed(0)
    return ImageNetwork(card(sizes=(side,)), build(Architecture(library, name, options)), IMAGENET)


def tokenizer_file(folder: Path) -> Path:
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = {f"w{number}": number for number in range(60)} | {"[UNK]": 60}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    path = folder / "tokenizer.json"
    tokenizer.save(str(path))
    return path


TINY_ENCODER = {
    "hidden_size": 24,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "vocab_size": 64,
    "max_position_embeddings": 64,
}


def text_network(folder: Path, name: str = "bert", **options: Any) -> Any:
    import torch

    from headstart.sources.architectures import build
    from headstart.sources.catalogue import Architecture
    from headstart.sources.texts import TextNetwork

    torch.manual_seed(0)
    module = build(Architecture("transformers", name, options or TINY_ENCODER))
    preprocessing = {"pad_id": 0, "special_tokens": False}
    return TextNetwork(card(Modality.TEXT, (32,)), module, tokenizer_file(folder), preprocessing)
