"""The spine of a network: its blocks in order, and what must be handed over at each cut between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.utils._pytree import tree_flatten, tree_unflatten

from headstart.sources import chain
from headstart.sources.recording import Call, record, tensors_in


@dataclass(frozen=True)
class Extra:
    """A tensor that blocks receive beside the one that flows: an attention mask, a position bias.

    `shape` has "b" for the batch and "t" for the tokens, so that a mask that a library left out (nothing
    to hide in this batch) can be put back: states of several batches must look alike. What is `shared` by all
    examples (rotary positions) is repeated for each, so that a state can be kept and picked by row.
    """

    shape: tuple[int | str, ...]
    dtype: torch.dtype
    shared: bool = False

    def carried(self, value: torch.Tensor | None, hidden: torch.Tensor) -> torch.Tensor:
        """As part of a state: batch first. None stands for what hides nothing."""
        batch = len(hidden)
        if value is None:
            return self.neutral(batch, hidden.shape[1] if hidden.ndim == 3 else 0, hidden.device)
        value = value.unsqueeze(0) if self.shared else value
        return value if len(value) == batch else value.expand(batch, *value.shape[1:])

    def given(self, value: torch.Tensor) -> torch.Tensor:
        """As the network wants it, from a state."""
        return value[0] if self.shared else value

    def neutral(self, batch: int, tokens: int, device: torch.device) -> torch.Tensor:
        """What hides nothing: True, or 0 to be added."""
        named = {"b": batch, "t": tokens}
        sizes = [named[side] if isinstance(side, str) else side for side in self.shape]
        if self.dtype is torch.bool:
            return torch.ones(sizes, dtype=self.dtype, device=device)
        return torch.zeros(sizes, dtype=self.dtype, device=device)


@dataclass(frozen=True)
class Link:
    """One module call on the spine; `extras` maps a place among the flattened arguments to an extra."""

    name: str
    module: torch.nn.Module
    turn: int
    arguments: tuple[Any, Any]
    flow: int
    extras: tuple[tuple[int, int], ...]

    def run(
        self, hidden: torch.Tensor, extras: Sequence[torch.Tensor], kinds: Sequence[Extra]
    ) -> torch.Tensor:
        """Call the module as the network does."""
        leaves, form = list(self.arguments[0]), self.arguments[1]
        leaves[self.flow] = hidden
        for place, number in self.extras:
            leaves[place] = kinds[number].given(extras[number])
        args, kwargs = tree_unflatten(leaves, form)
        return tensors_in(self.module(*args, **kwargs))[0]

    def capture(self, args: Any, kwargs: Any, kinds: Sequence[Extra]) -> tuple[torch.Tensor, ...]:
        """(hidden, *extras) out of the arguments of a call, batch first in each."""
        leaves, _ = tree_flatten((args, kwargs))
        hidden: torch.Tensor = leaves[self.flow]
        found = {number: leaves[place] for place, number in self.extras}
        return (hidden, *(kind.carried(found.get(number), hidden) for number, kind in enumerate(kinds)))


@dataclass(frozen=True)
class Spine:
    """Blocks of links. Block 0, the stem, also owns all that happens before the first link.

    `tail` are the modules that run after the last link: they belong to the last block.
    """

    blocks: tuple[tuple[Link, ...], ...]
    extras: tuple[Extra, ...]
    tail: tuple[torch.nn.Module, ...] = ()

    def parameters(self, block: int) -> set[int]:
        """Identities of the parameters of a block's links (the stem has more: all that no block has)."""
        modules = [link.module for link in self.blocks[block]]
        if block == len(self.blocks) - 1:
            modules += self.tail
        return {id(parameter) for module in modules for parameter in module.parameters()}

    def name(self, block: int) -> str:
        """A block's name: that of its first link."""
        links = self.blocks[block]
        return links[0].name if links else "stem"


def find(module: torch.nn.Module, forward: Callable[[], Any], batch: int, tokens: int) -> Spine:
    """The spine of `module`, from one watched forward pass over `batch` examples (of `tokens` tokens)."""
    root = record(module, forward)
    groups = chain.blocks(chain.spine(root)) or [[]]
    on_spine = sum(chain.count(call.module) for group in groups for call in group)
    if chain.count(module) > on_spine and any(chain.has_parts(call.module) for call in groups[0]):
        groups.insert(0, [])  # what comes before the first block is a block of its own
    known = known_extras(groups[1:])
    extras = tuple(extra_of(value, batch, tokens) for value in known)
    return Spine(
        tuple(tuple(link(call, known) for call in group) for group in groups), extras, after(root, groups)
    )


def after(root: Call, groups: Sequence[Sequence[Call]]) -> tuple[torch.nn.Module, ...]:
    """The modules with parameters of their own that run after the last link."""
    if not groups[-1]:
        return ()
    calls = list(root.walk())
    behind = calls[calls.index(groups[-1][-1]) + len(list(groups[-1][-1].walk())) :]
    return tuple(call.module for call in behind if any(True for _ in call.module.parameters(recurse=False)))


def extra_of(value: torch.Tensor, batch: int, tokens: int) -> Extra:
    """What kind of extra a tensor is, from its sides."""
    if value.ndim == 0 or len(value) not in (1, batch):
        return Extra(tuple(value.shape), value.dtype, shared=True)
    return Extra(("b", *("t" if side == tokens else side for side in value.shape[1:])), value.dtype)


def known_extras(groups: Sequence[Sequence[Call]]) -> list[torch.Tensor]:
    """The tensors beside the flow that blocks receive, each once."""
    known: list[torch.Tensor] = []
    for group in groups:
        for call in group:
            known += [other for other in call.others if not any(other is one for one in known)]
    return known


def link(call: Call, known: Sequence[torch.Tensor]) -> Link:
    """A call as something that can be called again; tensors are taken out of its arguments."""
    leaves, form = tree_flatten(call.arguments)
    flow = next(place for place, leaf in enumerate(leaves) if leaf is call.received)
    extras = tuple(
        (place, number)
        for place, leaf in enumerate(leaves)
        for number, one in enumerate(known)
        if leaf is one and place != flow
    )
    bare = [None if isinstance(leaf, torch.Tensor) else leaf for leaf in leaves]
    return Link(call.name, call.module, call.turn, (bare, form), flow, extras)


def merge(spine: Spine, good: Sequence[bool]) -> Spine:
    """The spine without the cuts that are not `good` (cut k stands before block k; cut 0 always holds)."""
    blocks: list[tuple[Link, ...]] = []
    for number, links in enumerate(spine.blocks):
        if number and not good[number]:
            blocks[-1] += links
        else:
            blocks.append(links)
    return Spine(tuple(blocks), spine.extras, spine.tail)
