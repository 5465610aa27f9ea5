"""Networks of a few hundred weights behind the `Network` protocol: images, texts, and one that is frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import nn

from headstart.core.kinds import Modality
from headstart.core.source import Block, SourceCard, Tap


class Tiny:
    """A chain of modules; block 0 is the stem."""

    def __init__(
        self, layers: Sequence[nn.Module], modality: Modality, size: int, *, tunable: bool = True
    ) -> None:
        self.module = nn.Sequential(*layers).eval()
        self.card = SourceCard(
            "pypi:tiny", "tiny", modality, "tiny", 0, "0" * 64, "MIT", True, 0, (size,), tunable, "noise"
        )
        self.blocks = tuple(Block(str(i), i, 0) for i in range(len(layers)))
        self.taps = (Tap("last", len(layers) - 1, 1.0, 8),)
        self.prefix_rows = 0

    def to(self, device: str) -> Tiny:
        self.module.to(device)
        return self

    def prefix(self, batch: Sequence[torch.Tensor], cut: int) -> tuple[torch.Tensor, ...]:
        self.prefix_rows += len(batch[0])
        return self._run(tuple(batch), 0, cut)

    def suffix(self, state: tuple[torch.Tensor, ...], cut: int) -> torch.Tensor:
        return self._pool(self._run(state, cut, len(self.blocks)))

    def read(self, batch: Sequence[torch.Tensor]) -> Mapping[str, torch.Tensor]:
        return {"last": self.suffix(tuple(batch), 0)}

    def parameters_of(self, block: int) -> Mapping[str, nn.Parameter]:
        return {f"{block}.{name}": value for name, value in self.module[block].named_parameters()}

    def _run(self, state: tuple[torch.Tensor, ...], first: int, last: int) -> tuple[torch.Tensor, ...]:
        hidden, *carried = state
        for layer in self.module[first:last]:
            hidden = layer(hidden)
        return (hidden, *carried)

    def _pool(self, state: tuple[torch.Tensor, ...]) -> torch.Tensor:
        raise NotImplementedError


class TinyImages(Tiny):
    """Convolutions with batch norms on 8-pixel pictures."""

    def batch(self, examples: Sequence[Any], size: int, *, flip: bool = False) -> tuple[torch.Tensor, ...]:
        pixels = np.stack(
            [np.asarray(example.resize((size, size)), dtype=np.float32) for example in examples]
        )
        pixels = pixels[:, :, ::-1] if flip else pixels
        return (torch.from_numpy(pixels.copy()).permute(0, 3, 1, 2) / 128.0 - 1.0,)

    def _pool(self, state: tuple[torch.Tensor, ...]) -> torch.Tensor:
        return state[0].mean((2, 3))


class TinyTexts(Tiny):
    """Word embeddings and linear layers, mean over words, with a mask."""

    def batch(self, examples: Sequence[Any], size: int, *, flip: bool = False) -> tuple[torch.Tensor, ...]:
        ids = torch.zeros((len(examples), size), dtype=torch.int64)
        mask = torch.zeros_like(ids)
        for row, text in enumerate(examples):
            words = [int(word[1:]) % 32 for word in text.split()][:size]
            ids[row, : len(words)] = torch.tensor(words)
            mask[row, : len(words)] = 1
        return ids, mask

    def _pool(self, state: tuple[torch.Tensor, ...]) -> torch.Tensor:
        weight = state[1][..., None].float()
        return (state[0] * weight).sum(1) / weight.sum(1)


def images(*, tunable: bool = True, seed: int = 0) -> TinyImages:
    """Four blocks: three convolutions with norms, one without."""
    torch.manual_seed(seed)

    def block(inside: int, outside: int) -> nn.Module:
        return nn.Sequential(nn.Conv2d(inside, outside, 3, padding=1), nn.BatchNorm2d(outside), nn.ReLU())

    layers = [block(3, 8), block(8, 8), block(8, 8), nn.Conv2d(8, 8, 1)]
    network = TinyImages(layers, Modality.IMAGE, 8, tunable=tunable)
    with torch.no_grad():  # norms that know about what flows through them, as in a trained network
        for _ in range(30):
            network.module.train()(*network.batch(stripes(range(3)), 8))
    network.module.eval()
    return network


def texts(seed: int = 0) -> TinyTexts:
    """Four blocks: an embedding and three linear layers with norms."""
    torch.manual_seed(seed)

    def block() -> nn.Module:
        return nn.Sequential(nn.Linear(8, 8), nn.LayerNorm(8), nn.GELU())

    return TinyTexts([nn.Embedding(32, 8), block(), block(), block()], Modality.TEXT, 8)


def stripes(labels: Sequence[int], seed: int = 0) -> tuple[Image.Image, ...]:
    """Noisy 8-pixel pictures whose stripes run across (0), down (1) or slantwise (2)."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:8, :8]
    patterns = ((y // 2) % 2, (x // 2) % 2, ((x + y) // 2) % 2)
    noisy = (120 + 70 * patterns[label][..., None] + 30 * rng.normal(size=(8, 8, 3)) for label in labels)
    return tuple(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)) for pixels in noisy)
