"""Static token embeddings as a network of one block."""

from __future__ import annotations

import torch


class TokenEmbedding(torch.nn.Module):
    """[b, t] token ids -> [b, t, width]: what word vectors know, at thousands of texts a second."""

    def __init__(self, vocab_size: int, width: int) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(vocab_size, width)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None) -> torch.Tensor:
        """Ids beyond the table (a tokenizer may know more than was kept) share the last row."""
        embedded: torch.Tensor = self.embedding(input_ids.clamp(max=self.embedding.num_embeddings - 1))
        return embedded
