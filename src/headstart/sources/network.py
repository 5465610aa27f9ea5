"""A loaded network that is read along its spine, and run in two pieces at any cut."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from headstart.core.errors import SourceError
from headstart.core.source import Block, SourceCard, Tap
from headstart.sources import spine as spines
from headstart.sources.chain import count
from headstart.sources.recording import tensors_in
from headstart.sources.taps import choose
from headstart.sources.threads import torch_threads
from headstart.sources.watching import Watching

AGREEMENT = 1e-4  # relative: a prefix and its suffix must give what the whole network gives, up to rounding


class Reached(Exception):
    """The forward pass has come to the cut; carries the state there."""

    def __init__(self, state: tuple[torch.Tensor, ...]) -> None:
        super().__init__()
        self.state = state


class SpineNetwork:
    """What image and text networks share; they differ in how they are called and pooled.

    A state at cut 0 is the batch itself; from cut 1 on it is (hidden, what the pooling needs, extras).
    """

    def __init__(self, card: SourceCard, module: torch.nn.Module) -> None:
        self.card, self.module = card, module.eval()
        with torch_threads(1):  # a small batch: threads would wait for one another longer than they work
            self._look_inside()

    def _look_inside(self) -> None:
        """Find spine, cuts, blocks and taps by running a small batch."""
        example = self._example()
        found = spines.find(self.module, lambda: self._call(example), len(example[0]), self._tokens(example))
        if not found.blocks[-1]:
            raise SourceError(
                "no chain of blocks was found in this network",
                where=self.card.id,
                remedy="Use a source whose network is a chain of blocks, as those of timm are.",
            )
        self._spine = found
        self._settle_tail(example)
        self._spine = spines.merge(found, self._good_cuts(example))
        self.blocks: Sequence[Block] = self._blocks()
        self.taps: Sequence[Tap] = choose(self.blocks, self._widths(example))

    # How subclasses differ -------------------------------------------------------------------

    def _example(self) -> tuple[torch.Tensor, ...]:
        """A small batch to find the spine with."""
        raise NotImplementedError

    def _call(self, batch: Sequence[torch.Tensor]) -> Any:
        """The whole forward pass."""
        raise NotImplementedError

    def _pool(self, hidden: torch.Tensor, carried: Sequence[torch.Tensor]) -> torch.Tensor:
        """One feature vector [b, width] per example at a tap."""
        raise NotImplementedError

    def _settle_tail(self, example: Sequence[torch.Tensor]) -> None:
        """Decide, once, how the last block's result becomes what a classifier would get."""

    def _finish(self, hidden: torch.Tensor, carried: Sequence[torch.Tensor]) -> torch.Tensor:
        """The last tap's features from the last block's result."""
        return self._pool(hidden, carried)

    # The protocol ----------------------------------------------------------------------------

    def to(self, device: str) -> SpineNetwork:
        """Move the network; batches follow it."""
        self.module.to(device)
        return self

    def read(self, batch: Sequence[torch.Tensor]) -> Mapping[str, torch.Tensor]:
        """One forward pass: pooled float32 features [b, width] for every tap, keyed by tap name."""
        return self._read(batch, {tap.block: tap.name for tap in self.taps})

    def prefix(self, batch: Sequence[torch.Tensor], cut: int) -> tuple[torch.Tensor, ...]:
        """Run the first `cut` blocks on a batch."""
        batch = self._here(batch)
        if cut == 0:
            return batch
        link, carried = self._spine.blocks[cut][0], batch[1:]

        def stop(args: Any, kwargs: Any) -> None:
            hidden, *extras = link.capture(args, kwargs, self._spine.extras)
            raise Reached((hidden, *carried, *extras))

        try:
            with Watching([(link, stop)], before=True):
                self._call(batch)
        except Reached as reached:
            return reached.state
        raise SourceError(f"block {cut} ({link.name}) was not reached", where=self.card.id)

    def suffix(self, state: Sequence[torch.Tensor], cut: int) -> torch.Tensor:
        """Run the rest from a state: the last tap's pooled features [b, width]."""
        state = self._here(state)
        if cut == 0:
            last = len(self._spine.blocks) - 1
            return self._read(state, {last: "last"})["last"]
        n_carried = len(state) - 1 - len(self._spine.extras)
        hidden, carried, extras = state[0], state[1 : 1 + n_carried], state[1 + n_carried :]
        for links in self._spine.blocks[cut:]:
            for link in links:
                hidden = link.run(hidden, extras, self._spine.extras)
        return self._finish(hidden, carried)

    def parameters_of(self, block: int) -> Mapping[str, torch.nn.Parameter]:
        """Named parameters of one spine block; the stem also owns those that no block has."""
        own = self._spine.parameters(block)
        others = set().union(*(self._spine.parameters(other) for other in range(1, len(self._spine.blocks))))
        return {
            name: value
            for name, value in self.module.named_parameters()
            if (id(value) not in others if block == 0 else id(value) in own)
        }

    # Inside ----------------------------------------------------------------------------------

    def _here(self, tensors: Sequence[torch.Tensor]) -> tuple[torch.Tensor, ...]:
        """The tensors where the network is."""
        device = next(self.module.parameters()).device
        return tuple(tensor.to(device) for tensor in tensors)

    def _read(self, batch: Sequence[torch.Tensor], wanted: Mapping[int, str]) -> dict[str, torch.Tensor]:
        batch, last = self._here(batch), len(self._spine.blocks) - 1
        features: dict[str, torch.Tensor] = {}

        def keep(block: int) -> Callable[[Any, Any], None]:
            # pooled at once: a later module may write into the same memory
            pool = self._finish if block == last else self._pool
            return lambda result, _: features.__setitem__(
                wanted[block], pool(tensors_in(result)[0], batch[1:])
            )

        watched = [
            (self._spine.blocks[block][-1], keep(block)) for block in wanted if self._spine.blocks[block]
        ]
        with Watching(watched, before=False):
            self._call(batch)
        return {name: features[name] for name in wanted.values()}

    def _tokens(self, example: Sequence[torch.Tensor]) -> int:
        return example[0].shape[1] if example[0].ndim == 2 else 0

    @torch.no_grad()
    def _good_cuts(self, example: Sequence[torch.Tensor]) -> list[bool]:
        """Where the network can be cut: each block, run alone, gives what the next one received.

        With the extras the same from there to the end, it follows that prefix and suffix give the whole.
        """
        last = len(self._spine.blocks) - 1
        states: dict[int, tuple[torch.Tensor, ...]] = {}

        def keep(cut: int) -> Callable[[Any, Any], None]:
            link = self._spine.blocks[cut][0]
            return lambda args, kwargs: states.__setitem__(
                cut, tuple(value.clone() for value in link.capture(args, kwargs, self._spine.extras))
            )

        with Watching([(self._spine.blocks[cut][0], keep(cut)) for cut in range(1, last + 1)], before=True):
            whole = self._read(example, {last: "last"})["last"]
        good = [True] * (last + 2)
        for cut in range(last, 0, -1):
            hidden, *extras = states[cut]
            try:
                for link in self._spine.blocks[cut]:
                    hidden = link.run(hidden.clone(), extras, self._spine.extras)
            except (RuntimeError, TypeError, ValueError, AttributeError, IndexError, KeyError):
                good[cut] = False  # the block wants something that the state does not carry
                continue
            expected = whole if cut == last else states[cut + 1][0]
            found = self._finish(hidden, example[1:]) if cut == last else hidden
            same = cut == last or all(map(torch.equal, extras, states[cut + 1][1:]))
            good[cut] = good[cut + 1] and same and agrees(found, expected)
        return good[: last + 1]

    def _blocks(self) -> tuple[Block, ...]:
        return tuple(
            Block(
                self._spine.name(number), number, sum(p.numel() for p in self.parameters_of(number).values())
            )
            for number in range(len(self._spine.blocks))
        )

    @torch.no_grad()
    def _widths(self, example: Sequence[torch.Tensor]) -> list[int | None]:
        """Feature width after each block; None where nothing can be read."""
        wanted = {number: str(number) for number, links in enumerate(self._spine.blocks) if links}
        read = self._read(example, wanted)
        return [
            read[str(number)].shape[1] if str(number) in read else None
            for number in range(len(self._spine.blocks))
        ]

    @property
    def parameters(self) -> int:
        """Number of parameters as loaded (a classifier is taken off)."""
        return count(self.module)


def agrees(found: torch.Tensor, expected: torch.Tensor) -> bool:
    """Whether two results are the same up to rounding."""
    return found.shape == expected.shape and bool(
        (found - expected).abs().max() <= AGREEMENT * expected.abs().max().clamp(min=1e-6)
    )
