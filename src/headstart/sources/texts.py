"""Text networks: tokens, calling, pooling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from headstart.core.errors import SourceError
from headstart.core.source import SourceCard
from headstart.sources import pooling
from headstart.sources.network import SpineNetwork
from headstart.sources.wheels import sha256

# Lengths to which texts are padded when they are read.
BUCKETS = (16, 32, 48, 64, 96, 128, 192, 256, 384, 512)


class TextNetwork(SpineNetwork):
    """An encoder that takes token ids and a mask, and is read by masked means over tokens."""

    def __init__(
        self, card: SourceCard, module: torch.nn.Module, tokenizer: Path, preprocessing: Mapping[str, Any]
    ) -> None:
        from tokenizers import Tokenizer

        self.preprocessing = preprocessing
        try:
            self.tokenizer = Tokenizer.from_file(str(tokenizer))
        except Exception as damage:  # the library raises bare Exception
            raise SourceError(
                f"the tokenizer cannot be read ({damage})",
                where=card.id,
                remedy="Copy the tokenizer's file again.",
            ) from damage
        self.tokenizer_sha256 = sha256(tokenizer)
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        super().__init__(card, module)

    def prepare(self, example: str, size: int) -> list[int]:
        """Token ids of a text, at most `size`; the closing special token is kept."""
        special = self.preprocessing["special_tokens"]
        ids = self.tokenizer.encode(example, add_special_tokens=special).ids
        if len(ids) > size:
            ids = ids[: size - 1] + ids[-1:] if special else ids[:size]
        return ids or [self.preprocessing["pad_id"]]

    def preparation(self, size: int) -> tuple[Any, ...]:
        """Networks that give the same answer here can share what `prepare` gives."""
        return ("text", size, self.tokenizer_sha256, self.preprocessing["special_tokens"])

    def padded(self, prepared: Sequence[int], size: int) -> int:
        """To how many tokens a text is padded when it is read: its own length decides, not its neighbours."""
        return bucket(len(prepared), size)

    def length(self, examples: Sequence[str], cap: int) -> int:
        """To how many tokens these texts must be padded: the bucket of the longest, at most `cap`."""
        return bucket(max((len(self.prepare(example, cap)) for example in examples), default=1), cap)

    def assemble(
        self, prepared: Sequence[Sequence[int]], *, size: int = 0, flip: bool = False
    ) -> tuple[torch.Tensor, ...]:
        """(ids, mask), each [b, size] int64; without a size, to the bucket of the longest."""
        size = size or max(bucket(len(ids), BUCKETS[-1]) for ids in prepared)
        tokens = torch.full((len(prepared), size), self.preprocessing["pad_id"], dtype=torch.int64)
        mask = torch.zeros_like(tokens)
        for row, ids in enumerate(prepared):
            tokens[row, : len(ids)] = torch.tensor(ids)
            mask[row, : len(ids)] = 1
        return tokens, mask

    def batch(self, examples: Sequence[str], size: int, *, flip: bool = False) -> tuple[torch.Tensor, ...]:
        """Token ids and mask of texts, cut and padded to exactly `size` tokens; a state for cut 0."""
        return self.assemble([self.prepare(example, size) for example in examples], size=size)

    def samples(self, n: int, size: int) -> list[list[int]]:
        """Made-up token ids, all of length `size`, for timing."""
        return [[5 + (row * size + place) % 900 for place in range(size)] for row in range(n)]

    def _example(self) -> tuple[torch.Tensor, ...]:
        # 3 and 11: sides that no weight has, so that a mask's shape can be read off
        ids = torch.arange(33).reshape(3, 11) + 5
        mask = torch.ones_like(ids)
        mask[1, 7:] = 0
        return ids, mask

    def _call(self, batch: Sequence[torch.Tensor]) -> Any:
        return self.module(input_ids=batch[0], attention_mask=batch[1])

    def _pool(self, hidden: torch.Tensor, carried: Sequence[torch.Tensor]) -> torch.Tensor:
        return pooling.over_tokens(hidden, carried[0])


def bucket(length: int, cap: int) -> int:
    """The padded length for a text of `length` tokens, at most `cap`.

    >>> bucket(17, 256), bucket(300, 256)
    (32, 256)
    """
    return min(next((size for size in BUCKETS if size >= length), cap), cap)
