"""The frozen prefix, run once: cached activations, or the means to run it again where they do not fit.

Where the lower blocks are frozen, their output for an example never changes. It is kept in the type it was
computed in (bfloat16 under autocast), so an epoch costs only what is tuned, and K fold models share it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from headstart.core.source import Network
from headstart.core.task import Inputs

if TYPE_CHECKING:
    import torch

State = tuple["torch.Tensor", ...]
Rows = NDArray[np.int64]

BATCH = 64  # rows in one pass of the prefix; larger ones gained nothing on CPUs and cost memory
MEMORY_BYTES = 2**30  # a cache may take so much where the run's budget does not say


class States(Protocol):
    """States at a cut of n examples, each in one or more views (0 the plain one, then augmented)."""

    cut: int
    views: int

    def __len__(self) -> int: ...

    def gather(self, rows: Rows, views: Rows | None = None) -> State:
        """The states of `rows`, each in its view of `views` (all plain without)."""
        ...


def autocast(network: Network, dtype: torch.dtype) -> AbstractContextManager[None]:
    """Autocast to `dtype` where the network lives; nothing for float32."""
    import torch

    # Weights change at every step and some are lent: a cast kept from before would be stale.
    return torch.autocast(home(network).type, dtype, enabled=dtype != torch.float32, cache_enabled=False)


def in_format(state: State, dtype: torch.dtype) -> State:
    """The state with its floating tensors as `dtype`: a cache may hold another format than a step wants."""
    return tuple(tensor.to(dtype) if tensor.is_floating_point() else tensor for tensor in state)


def home(network: Network) -> torch.device:
    """The device that the network's weights are on."""
    return next(network.module.parameters()).device


class Cached:
    """States in memory: one tensor [n * views, …] for each member of a state."""

    def __init__(self, tensors: State, cut: int, views: int = 1) -> None:
        self.tensors, self.cut, self.views = tensors, cut, views

    def __len__(self) -> int:
        return len(self.tensors[0]) // self.views

    def gather(self, rows: Rows, views: Rows | None = None) -> State:
        """Index by row; the view v of row i lies at v * n + i."""
        import torch

        index = torch.from_numpy(rows if views is None else views * len(self) + rows)
        return tuple(tensor[index] for tensor in self.tensors)


class Recomputed:
    """States made anew at every visit: read, preprocess, run the prefix. Slow, in flat memory."""

    def __init__(
        self, network: Network, inputs: Inputs, size: int, cut: int, dtype: torch.dtype, flips: Sequence[bool]
    ) -> None:
        self.network, self.inputs, self.size, self.cut, self.dtype = network, inputs, size, cut, dtype
        self.flips, self.views = tuple(flips), len(flips)

    def __len__(self) -> int:
        return len(self.inputs)

    def gather(self, rows: Rows, views: Rows | None = None) -> State:
        """Run the prefix on `rows`, view by view, and put them back in order."""
        import torch

        views = np.zeros_like(rows) if views is None else views
        pieces: list[State] = []
        order: list[Rows] = []
        with torch.no_grad(), autocast(self.network, self.dtype):
            for view in np.unique(views):
                at = np.flatnonzero(views == view)
                examples = [self.inputs.read(int(row)) for row in rows[at]]
                batch = self.network.batch(examples, self.size, flip=self.flips[view])
                state = self.network.prefix(batch, self.cut)
                pieces.append(tuple(tensor.cpu() for tensor in state))
                order.append(at)
        back = torch.from_numpy(np.argsort(np.concatenate(order)))
        return tuple(tensor[back] for tensor in joined(pieces))


def cache_prefix(
    network: Network,
    inputs: Inputs,
    size: int,
    cut: int,
    *,
    dtype: torch.dtype,
    flips: Sequence[bool] = (False,),
    memory_bytes: int = MEMORY_BYTES,
) -> States:
    """Run blocks 0 … cut-1 on every example and view; `Recomputed` where the result would not fit."""
    again = Recomputed(network, inputs, size, cut, dtype, flips)
    pieces: list[State] = []
    for rows, view in _passes(len(inputs), len(flips)):
        pieces.append(again.gather(rows, np.full_like(rows, view)))
        taken = sum(tensor.nbytes for tensor in pieces[0])
        if taken / len(rows) * len(inputs) * len(flips) > memory_bytes and len(pieces) == 1:
            return again
    return Cached(joined(pieces), cut, len(flips))


def _passes(n_rows: int, n_views: int) -> Iterator[tuple[Rows, int]]:
    for view in range(n_views):
        for start in range(0, n_rows, BATCH):
            yield np.arange(start, min(start + BATCH, n_rows)), view


def joined(pieces: Sequence[State]) -> State:
    """States one after the other; shorter ones (texts) are padded with zeros to the longest.

    >>> import torch
    >>> [tensor.shape for tensor in joined([(torch.ones(1, 2),), (torch.ones(1, 3),)])]
    [torch.Size([2, 3])]
    """
    import torch

    members = []
    for tensors in zip(*pieces, strict=True):
        longest = [max(sizes) for sizes in zip(*(tensor.shape[1:] for tensor in tensors), strict=True)]
        members.append(torch.cat([_padded(tensor, longest) for tensor in tensors]))
    return tuple(members)


def _padded(tensor: torch.Tensor, shape: Sequence[int]) -> torch.Tensor:
    import torch

    missing = [want - have for want, have in zip(shape, tensor.shape[1:], strict=True)]
    if not any(missing):
        return tensor
    return torch.nn.functional.pad(tensor, [side for gap in reversed(missing) for side in (0, gap)])
