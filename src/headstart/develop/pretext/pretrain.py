"""The door: develop a network on examples without labels, and say whether the result is worth keeping."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from headstart.core.errors import DataError
from headstart.core.estimate import Interval
from headstart.core.kinds import Modality
from headstart.core.seeds import derive, generator
from headstart.core.source import Network
from headstart.core.task import Inputs, Task
from headstart.core.watch import Watch
from headstart.develop.pretext.agreement import Sight, sight
from headstart.develop.pretext.following import Followed
from headstart.develop.pretext.method import METHODS, Method
from headstart.develop.pretext.proof import proof
from headstart.develop.pretext.two_views import TwoViews, between_views
from headstart.develop.pretext.worth import worth
from headstart.develop.quick_probe import Gain
from headstart.training.checkpoint import Checkpoint
from headstart.training.head import Head
from headstart.training.kernel_ridge import moments
from headstart.training.loop import Tuned, train
from headstart.training.reading import features
from headstart.training.states import Rows, States, cache_prefix
from headstart.training.tuning import Tuning

if TYPE_CHECKING:
    import torch

LEAST_ROWS = 16  # fewer hold no pairs worth telling apart
HELD_FRAC, MOST_HELD = 0.1, 256  # rows kept aside to look at the result
FEW_HELD, FEW_FRAC = 30, 0.25  # of few rows more: on a handful no gain can be told from chance
METHOD = {Modality.IMAGE: "barlow-twins", Modality.TEXT: "contrast"}
EPOCHS = {Modality.IMAGE: 30, Modality.TEXT: 1}
BATCH_SIZE = 64
SCRATCH_RATE = 2e-3
# A parent is continued at a small part of the rate, on a short leash (L2-SP): it has more to lose.
PARENT_RATE, PARENT_ANCHOR = 5e-5, 0.01
WARMUP_FRAC = 0.1
TIMED_STEPS = 3
DEADLINE_MARGIN = 1.15  # on the timed steps


@dataclass(frozen=True)
class Pretrained:
    """What self-supervision leaves.

    Attributes:
        tensors: the moved parameters by name; empty where the network is better left as it was.
        curve: mean loss of each whole pass.
        epochs: whole passes made; `finished` is False where the deadline or a stop cut them short.
        held: examples that were kept aside to look at the result; all others were learned from.
        agreement: of two views of held-out examples (0…1), before and after.
        gain: 90 % interval of what it rose by.
        likeness: of the held-out examples' kernel before and after, -1…1.
        reason: why `tensors` were kept, or not, in plain words.
    """

    tensors: Mapping[str, torch.Tensor]
    curve: tuple[float, ...]
    epochs: int
    finished: bool
    method: str
    held: int
    agreement: tuple[float, float]
    gain: Interval
    likeness: float
    reason: str

    @property
    def is_kept(self) -> bool:
        """Whether there is anything to use."""
        return bool(self.tensors)


def pretrain(
    network: Network,
    inputs: Inputs,
    *,
    size: int,
    seed: int,
    method: str = "",
    epochs: int = 0,
    dtype: torch.dtype | None = None,
    deadline: float = math.inf,
    watch: Watch | None = None,
    target: Task | None = None,
    checkpoints: Path | None = None,
) -> Pretrained:
    """Teach `network` to know examples again in augmented views of them; no label is looked at.

    A network without pretraining is developed at the rate of one from scratch, any other continued gently.
    `method` is one of METHODS, `epochs` passes over the data (0: the default of the modality); where a
    `deadline` (of `time.monotonic`) leaves no time for them, as many as a few timed steps promise. A stop
    or the deadline gives what was learned so far. `target` holds a few labels of the task that the network
    is meant for: whether to keep a continued parent is then theirs to say. With a folder for `checkpoints` a
    training that was killed goes on where it was last kept. The network is lent: it is as before, to the
    byte, after the call. The same seed, inputs, number of threads and machine give the same bytes.

    Raises:
        DataError: fewer than LEAST_ROWS examples. SourceError: its weights cannot be trained.
        OptionError: no such method. Diverged: loss or features became NaN or infinite.
    """
    import torch

    if len(inputs) < LEAST_ROWS:
        raise DataError(
            f"{len(inputs)} examples without labels",
            expected=f"at least {LEAST_ROWS}",
            remedy="Give more examples, or develop on labelled ones.",
        )
    chosen = METHODS[method or METHOD[inputs.modality]]
    dtype = dtype or torch.float32
    plain = cache_prefix(network, inputs, size, 0, dtype=torch.float32)
    twice = TwoViews(plain, inputs.modality)
    held, rows = _parted(len(inputs), seed)
    tuning = _tuning(network, epochs or EPOCHS[inputs.modality])
    head = _projector(network, plain, rows, chosen, seed, dtype)
    followed = Followed(between_views(chosen.loss), watch)

    def fit(tuning: Tuning, rows: Rows, follow: Followed, kept: Checkpoint | None = None) -> Tuned:
        nothing = np.zeros((len(inputs), 1), dtype=np.float32)
        return train(
            network, twice, rows, nothing, head, tuning,
            objective=follow, dtype=dtype, seed=seed, deadline=deadline, watch=follow, checkpoint=kept,
        )  # fmt: skip

    def seen(tensors: Mapping[str, torch.Tensor]) -> Sight:
        drawn = derive(seed, "pretext", "sight")
        return sight(network, plain, twice, held, seed=drawn, dtype=dtype, tensors=tensors)

    if deadline < math.inf:
        few = rows[: TIMED_STEPS * BATCH_SIZE]
        fit(replace(tuning, epochs=1), few, Followed(between_views(chosen.loss), None))  # warms up
        began = time.monotonic()
        fit(replace(tuning, epochs=1), few, Followed(between_views(chosen.loss), None))
        step_s = (time.monotonic() - began) / tuning.batches(len(few))
        tuning = replace(tuning, epochs=affordable(tuning, len(rows), step_s, deadline - time.monotonic()))
    before = seen({})
    checkpoint = None
    if checkpoints is not None:  # one that had ended is taken up near its end
        origin = (chosen.name, list(inputs.hashes), size)
        checkpoint = Checkpoint(checkpoints / "pretext.attempt", origin, beside=followed, watch=watch)
    tuned = fit(tuning, rows, followed, checkpoint)
    after = seen(tuned.tensors)
    curve = followed.curve(tuning.batches(len(rows)))

    def on_target() -> Gain:
        assert target is not None
        return proof(network, target, size=size, dtype=dtype, tensors=tuned.tensors)

    found = worth(
        before,
        after,
        followed,
        has_parent=_has_parent(network),
        on_target=on_target if target is not None else None,
    )
    return Pretrained(
        tuned.tensors if found.is_kept else {},
        curve,
        len(curve),
        tuned.finished,
        chosen.name,
        len(held),
        (before.agreement, after.agreement),
        after.gain_over(before),
        after.likeness(before),
        found.reason,
    )


def affordable(tuning: Tuning, rows: int, step_s: float, left_s: float) -> int:
    """Passes that fit into the time left: at least one, at most those asked for.

    >>> affordable(Tuning(cut=0, epochs=30, batch_size=64), 640, step_s=0.1, left_s=11.5)
    10
    """
    return int(np.clip(left_s / (DEADLINE_MARGIN * step_s * tuning.batches(rows)) + 1e-9, 1, tuning.epochs))


def held_rows(n: int) -> int:
    """How many of n examples are kept aside to look at the result with."""
    return min(max(round(HELD_FRAC * n), min(round(FEW_FRAC * n), FEW_HELD)), MOST_HELD)


def _parted(n: int, seed: int) -> tuple[Rows, Rows]:
    """Rows to look at the result with, and rows to learn from."""
    order = generator(seed, "pretext", "held out").permutation(n)
    held = held_rows(n)
    return np.sort(order[:held]), np.sort(order[held:])


def _has_parent(network: Network) -> bool:
    return network.card.pretraining != "none"


def _tuning(network: Network, epochs: int) -> Tuning:
    has_parent = _has_parent(network)
    return Tuning(
        cut=0,
        rates={name: 1.0 for name, _ in network.module.named_parameters()},
        epochs=epochs,
        peak_rate=PARENT_RATE if has_parent else SCRATCH_RATE,
        head_rate=SCRATCH_RATE / PARENT_RATE if has_parent else 1.0,
        anchor=PARENT_ANCHOR if has_parent else 0.0,
        batch_size=BATCH_SIZE,
        warmup_frac=WARMUP_FRAC,
    )


def _projector(
    network: Network, plain: States, rows: Rows, method: Method, seed: int, dtype: torch.dtype
) -> Head:
    """A random linear projection of standardised features, which the loop trains as its head."""
    some = rows[:MOST_HELD]
    mean, inverse = moments(features(network, plain, some, dtype=dtype))
    shape = (method.width, len(mean))
    weight = generator(seed, "pretext", "projector").normal(size=shape) / math.sqrt(len(mean))
    return Head(mean, inverse, weight.astype(np.float32), np.zeros(method.width, np.float32))
