"""Image networks: preprocessing, calling, pooling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from headstart.core.source import SourceCard
from headstart.sources import pixels, pooling
from headstart.sources.network import SpineNetwork
from headstart.sources.recording import record


class ImageNetwork(SpineNetwork):
    """A network that takes [b, 3, side, side] and is read by means over space.

    A vision transformer's features are its class token followed by the mean of its patches. The classifier,
    if there is one, is taken off.
    """

    def __init__(self, card: SourceCard, module: torch.nn.Module, preprocessing: Mapping[str, Any]) -> None:
        self.preprocessing = preprocessing
        self.extra_tokens = pooling.extra_tokens(module)
        self._tail = "pool"
        self.card, self.module = card, module.eval()
        take_off_classifier(module, self._example())
        super().__init__(card, module)

    def prepare(self, example: Image.Image, size: int) -> NDArray[np.uint8]:
        """[size, size, 3] bytes: the whole picture, resized to the square."""
        return pixels.resized(example, size, self.preprocessing["interpolation"])

    def preparation(self, size: int) -> tuple[Any, ...]:
        """Networks that give the same answer here can share what `prepare` gives."""
        return ("image", size, self.preprocessing["interpolation"])

    def padded(self, prepared: NDArray[np.uint8], size: int) -> int:
        """All pictures of a size go together."""
        return size

    def assemble(self, prepared: Sequence[NDArray[np.uint8]], *, flip: bool = False) -> tuple[torch.Tensor]:
        """A batch of prepared pictures: ([b, 3, side, side] float32,)."""
        return (pixels.normalised(np.stack(prepared), self.preprocessing, flip=flip),)

    def batch(self, examples: Sequence[Image.Image], size: int, *, flip: bool = False) -> tuple[torch.Tensor]:
        """Preprocess pictures at input `size`; a state for cut 0."""
        return self.assemble([self.prepare(example, size) for example in examples], flip=flip)

    def samples(self, n: int, size: int) -> list[NDArray[np.uint8]]:
        """Made-up prepared pictures, for timing."""
        return pixels.samples(n, size)

    def to(self, device: str) -> ImageNetwork:
        """Move the network; its weights lie channels-last, as the batches do."""
        self.module.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        return self

    def _example(self) -> tuple[torch.Tensor, ...]:
        side = min(self.card.input_sizes)
        generator = torch.Generator().manual_seed(0)
        return (torch.randn(3, 3, side, side, generator=generator),)

    def _call(self, batch: Sequence[torch.Tensor]) -> Any:
        return self.module(batch[0])

    def _pool(self, hidden: torch.Tensor, carried: Sequence[torch.Tensor]) -> torch.Tensor:
        return pooling.over_space(hidden, self.extra_tokens)

    def _settle_tail(self, example: Sequence[torch.Tensor]) -> None:
        # Some networks do more after the last block than a mean (a norm behind a pool); then their own
        # head is used where it can be called. The network's own result tells.
        root = record(self.module, lambda: self._call(example))
        own, pooled = root.returned, self._read(example, {len(self._spine.blocks) - 1: "last"})["last"]
        if own is None or own.ndim != 2 or not hasattr(self.module, "forward_head"):
            return
        width = own.shape[1]
        if any(
            part.shape == own.shape and torch.allclose(part, own, atol=1e-4)
            for part in (pooled[:, :width], pooled[:, -width:])
        ):
            return
        self._tail = "head"

    def _finish(self, hidden: torch.Tensor, carried: Sequence[torch.Tensor]) -> torch.Tensor:
        if self._tail == "head":
            features: torch.Tensor = self.module.forward_head(hidden)  # type: ignore[operator]
            return features.float()
        return self._pool(hidden, carried)


def take_off_classifier(module: torch.nn.Module, example: Sequence[torch.Tensor]) -> None:
    """Let the network end where its classifier begins: by its own door, or without its last linear layer."""
    if hasattr(module, "reset_classifier"):
        module.reset_classifier(0)  # type: ignore[operator]
        return
    root = record(module, lambda: module(example[0]))
    for call in root.walk():
        if call.returned is root.returned and isinstance(call.module, torch.nn.Linear):
            parent, _, name = call.name.rpartition(".")
            setattr(module.get_submodule(parent), name, torch.nn.Identity())
            return
