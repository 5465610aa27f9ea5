"""The one training loop: a head and the blocks above a cut, tuned on cached states."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import SourceError
from headstart.core.seeds import derive, generator
from headstart.core.source import Network
from headstart.core.watch import Silent, Watch
from headstart.training.checkpoint import Checkpoint, Progress
from headstart.training.diverged import Diverged
from headstart.training.head import Head
from headstart.training.lending import borrowed, put_on
from headstart.training.objectives import Objective
from headstart.training.schedule import Average, rate_at
from headstart.training.states import Rows, States, autocast, home, in_format
from headstart.training.tuning import Tuning

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Tuned:
    """What a tuning leaves: the moved tensors by name, the head, and how it went.

    `finished` is False where the deadline or a stop cut it short; `loss` is the mean of the last epoch.
    """

    tensors: Mapping[str, torch.Tensor]
    head: Head
    loss: float
    steps: int
    finished: bool


def train(
    network: Network,
    states: States,
    rows: Rows,
    targets: NDArray[np.float32],
    head: Head,
    tuning: Tuning,
    *,
    objective: Objective,
    dtype: torch.dtype,
    seed: int,
    start: Mapping[str, torch.Tensor] | None = None,
    deadline: float = math.inf,
    watch: Watch | None = None,
    checkpoint: Checkpoint | None = None,
) -> Tuned:
    """Tune the parameters that `tuning.rates` names, and the head, on `rows` of `states`.

    `rows` [m] are indices into `states`; `targets` [n, k] are one-hot or standardised, for all rows of
    `states`. `start` gives other starting values to some of the moving parameters (blocks that are reset).
    Forward and backward run under autocast to `dtype`; weights and optimiser stay float32. `deadline` is on
    the clock of `time.monotonic` and, like a requested stop, is looked at before every step. A `checkpoint`
    is taken up where an earlier process left it, and written now and then; the bytes are the same either way.

    The network is lent: after the call it is as before, to the byte. The same seed, data, number of
    threads and machine give the same bytes.

    Raises:
        SourceError: the network cannot be trained. Diverged: the loss became NaN or infinite.
    """
    import torch

    refuse_untunable(network)
    _refuse_unknown(network, tuning)
    watch = watch or Silent()
    random = generator(seed, "tuning", "order")
    torch.manual_seed(derive(seed, "tuning", "dropout"))
    mean, inverse, weight, bias, truth = (
        torch.tensor(part, dtype=torch.float32, device=home(network))
        for part in (head.mean, head.inverse, head.weight, head.bias, targets)
    )
    weight.requires_grad_(True)
    bias.requires_grad_(True)
    steps = tuning.steps(len(rows))
    with borrowed(network, tuning.rates) as moving:
        origin = {name: parameter.detach().clone() for name, parameter in moving.items()}
        put_on(moving, start or {})
        everything = [*moving.values(), weight, bias]
        average = Average(everything)
        optimiser = _optimiser(tuning, moving, [weight, bias])
        batches = _batches(rows, tuning, random)
        progress = Progress({**moving, "head:weight": weight, "head:bias": bias}, optimiser, average, random)
        losses = progress.losses
        if checkpoint:
            settings = (network.card.weights_sha256, asdict(tuning), seed, str(dtype), states.views)
            checkpoint.take_up(progress, *settings, rows, truth, mean, inverse)
        for step, batch in enumerate(batches[len(losses) :], start=len(losses)):
            if time.monotonic() > deadline or watch.stop_requested:
                break
            factor = rate_at(step, steps, tuning.warmup_frac)
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * factor
            views = random.integers(states.views, size=len(batch)) if states.views > 1 else None
            state = in_format(states.gather(batch, views), dtype)
            wanted = truth[torch.from_numpy(batch)]
            if tuning.mixup:
                state, wanted = _mixed(state, wanted, tuning.mixup, random)
            with autocast(network, dtype):
                features = network.suffix(state, tuning.cut).float()
            scores = torch.nn.functional.linear((features - mean) * inverse, weight, bias)
            loss = objective(scores, features, wanted)
            if tuning.anchor:
                loss = loss + tuning.anchor * _distance(moving, origin)
            losses.append(float(loss.detach()))
            if not math.isfinite(losses[-1]):
                raise Diverged(f"the loss is {losses[-1]} at step {step + 1} of {steps}")
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(everything, tuning.clip_norm)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            if step >= steps * (1.0 - tuning.average_frac) or step == steps - 1:
                average.take()
            if checkpoint:
                checkpoint.offer(progress)
        values = average.means if average.count else [part.detach().clone() for part in everything]
        tensors = dict(zip(moving, values[:-2], strict=True))
    tuned_head = Head(head.mean, head.inverse, values[-2].cpu().numpy(), values[-1].cpu().numpy())
    last = losses[-tuning.batches(len(rows)) :]
    return Tuned(tensors, tuned_head, float(np.mean(last or [math.nan])), len(losses), len(losses) == steps)


def refuse_untunable(network: Network) -> None:
    """Raise SourceError where the network's card says that its weights cannot be trained."""
    if not network.card.tunable:
        raise SourceError(
            "its weights cannot be trained",
            where=network.card.id,
            expected="a source whose card says `tunable`",
            remedy="Use it with a probe, or choose another source to tune.",
        )


def _refuse_unknown(network: Network, tuning: Tuning) -> None:
    unknown = set(tuning.rates) - {name for name, _ in network.module.named_parameters()}
    if unknown:
        raise SourceError(f"no parameter {min(unknown)!r} to tune", where=network.card.id)


def _optimiser(
    tuning: Tuning, moving: Mapping[str, torch.nn.Parameter], head: list[torch.Tensor]
) -> torch.optim.Optimizer:
    """AdamW with a group per rate; norms and biases (vectors) are not decayed."""
    import torch

    members: dict[tuple[float, float], list[torch.Tensor]] = {}
    for name, parameter in moving.items():
        decay = tuning.weight_decay if parameter.ndim > 1 else 0.0
        members.setdefault((tuning.rates[name], decay), []).append(parameter)
    members.setdefault((tuning.head_rate, 0.0), []).extend(head)
    groups = [
        {"params": parameters, "peak": tuning.peak_rate * rate, "weight_decay": decay}
        for (rate, decay), parameters in members.items()
    ]
    return torch.optim.AdamW(groups, lr=tuning.peak_rate, fused=True)


def _batches(rows: Rows, tuning: Tuning, random: np.random.Generator) -> list[Rows]:
    """All batches of all epochs: each epoch a new order, split evenly so that no batch is a lone row."""
    orders = (rows[random.permutation(len(rows))] for _ in range(tuning.passes(len(rows))))
    return [batch for order in orders for batch in np.array_split(order, tuning.batches(len(rows)))]


def _mixed(
    state: tuple[torch.Tensor, ...], wanted: torch.Tensor, alpha: float, random: np.random.Generator
) -> tuple[tuple[torch.Tensor, ...], torch.Tensor]:
    """Mix every row with another one: floating tensors and targets by the same share."""
    import torch

    share = float(random.beta(alpha, alpha))
    other = torch.from_numpy(random.permutation(len(wanted)))
    mixed = tuple(
        share * tensor + (1.0 - share) * tensor[other] if tensor.is_floating_point() else tensor
        for tensor in state
    )
    return mixed, share * wanted + (1.0 - share) * wanted[other]


def _distance(moving: Mapping[str, torch.nn.Parameter], origin: Mapping[str, torch.Tensor]) -> torch.Tensor:
    import torch

    return torch.stack([(moving[name] - origin[name]).square().sum() for name in moving]).sum()
