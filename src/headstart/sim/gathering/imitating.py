"""The small network of behaviour cloning: standardised observations in, actions out; stopped early."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import torch

BATCH, RATE, DECAY = 256, 2e-3, 1e-4
CHECK_EVERY = 100  # updates between two looks at the held-out loss
PATIENCE = 5  # looks without a better one
MOST_UPDATES = 3000  # all five networks in half a minute on one core
EDGE = 0.999  # largest scaled action that a tanh is asked for: at 1 it would grow without end


@dataclass(frozen=True)
class Examples:
    """`observations` [n, obs], `actions` [n, act] in -1 … 1 or [n] choices from 0, `episodes` [n].

    `outputs`: of a network for them: numbers of an action, or choices.
    """

    observations: NDArray[np.float32]
    actions: NDArray[Any]
    episodes: NDArray[Any]
    outputs: int

    @property
    def choice(self) -> bool:
        """Whether an action is a choice."""
        return self.actions.ndim == 1

    def of(self, rows: NDArray[np.bool_]) -> Examples:
        """Some of them."""
        return Examples(self.observations[rows], self.actions[rows], self.episodes[rows], self.outputs)

    def baseline(self) -> NDArray[np.float64]:
        """[outputs] The best answer without looking: the mean action, or the log of the choices' shares."""
        if self.choice:
            counts = np.bincount(self.actions, minlength=self.outputs) + 1.0
            return np.asarray(np.log(counts / counts.sum()))
        return np.asarray(self.actions.mean(axis=0, dtype=np.float64))

    def losses(self, out: NDArray[Any]) -> NDArray[np.float64]:
        """[n] log-loss (nats) of choices, or mean squared error over the numbers of an action."""
        if self.choice:
            out = out.astype(np.float64)
            top = out.max(axis=1, keepdims=True)
            total = top[:, 0] + np.log(np.exp(out - top).sum(axis=1))
            return np.asarray(total - out[np.arange(len(out)), self.actions])
        return np.asarray(((out - self.actions) ** 2).mean(axis=1, dtype=np.float64))


@dataclass(frozen=True)
class Fitted:
    """A network as the arrays of a policy, after so many updates."""

    arrays: Mapping[str, NDArray[np.float32]]
    updates: int
    choice: bool

    def outputs(self, observations: NDArray[Any]) -> NDArray[Any]:
        """[n, outputs] scaled actions, or the choices' logits."""
        mean, spread = self.arrays["norm.mean"], np.sqrt(self.arrays["norm.var"])
        x = (observations - mean) / spread
        index = 0
        while f"trunk.{index}.weight" in self.arrays:
            x = np.maximum(x @ self.arrays[f"trunk.{index}.weight"].T + self.arrays[f"trunk.{index}.bias"], 0)
            index += 1
        out = x @ self.arrays["head.weight"].T + self.arrays["head.bias"]
        return np.asarray(out if self.choice else np.tanh(out))


def fit(
    learned: Examples,
    held: Examples | None,
    hidden: tuple[int, ...],
    seed: int,
    *,
    updates: int = MOST_UPDATES,
) -> Fitted:
    """Adam with weight decay (Loshchilov and Hutter, 2019) to the best look at `held`, if there is one."""
    import torch

    mean = learned.observations.mean(axis=0, dtype=np.float64)
    var = learned.observations.var(axis=0, dtype=np.float64)
    var[var < 1e-8] = 1.0  # a number that never moved says nothing, and must not shout when it does
    mean32, var32 = mean.astype(np.float32), var.astype(np.float32)
    random = torch.Generator().manual_seed(seed)
    network = _network(learned.observations.shape[1], hidden, learned.outputs, random)
    seen = torch.from_numpy(((learned.observations - mean32) / np.sqrt(var32)).astype(np.float32))
    wanted = _wanted(learned)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)

    def now(made: int) -> Fitted:
        return Fitted({"norm.mean": mean32, "norm.var": var32, **_arrays(network)}, made, learned.choice)

    best, best_loss, worse = now(0), np.inf, 0
    if held is not None:
        best_loss = float(held.losses(best.outputs(held.observations)).mean())
    for made in range(1, updates + 1):
        rows = torch.randint(0, len(seen), (BATCH,), generator=random)
        loss = _loss(network(seen[rows]), wanted[rows], learned.choice)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        if held is not None and made % CHECK_EVERY == 0:
            look = now(made)
            loss_now = float(held.losses(look.outputs(held.observations)).mean())
            if loss_now < best_loss:
                best, best_loss, worse = look, loss_now, 0
            else:
                worse += 1
            if worse >= PATIENCE:
                break
    return now(updates) if held is None else best


def _wanted(examples: Examples) -> torch.Tensor:
    import torch

    if examples.choice:
        return torch.from_numpy(examples.actions.astype(np.int64))
    return torch.from_numpy(np.clip(examples.actions, -EDGE, EDGE))


def _loss(out: torch.Tensor, wanted: torch.Tensor, choice: bool) -> torch.Tensor:
    from torch.nn import functional

    return functional.cross_entropy(out, wanted) if choice else functional.mse_loss(out.tanh(), wanted)


def _network(
    inputs: int, hidden: tuple[int, ...], outputs: int, random: torch.Generator
) -> torch.nn.Sequential:
    """Layers of ReLU, initialised as torch does (He et al., 2015), but from our own generator."""
    import torch
    from torch import nn

    sizes, made = (inputs, *hidden, outputs), []
    for before, after in pairwise(sizes):
        layer = nn.Linear(before, after)
        with torch.no_grad():
            for part in (layer.weight, layer.bias):
                part.uniform_(-(before**-0.5), before**-0.5, generator=random)
        made += [layer, nn.ReLU()]
    return nn.Sequential(*made[:-1])


def _arrays(network: torch.nn.Sequential) -> dict[str, NDArray[np.float32]]:
    layers: list[Any] = list(network)[::2]
    names = [f"trunk.{index}" for index in range(len(layers) - 1)] + ["head"]
    return {
        f"{name}.{part}": copy.deepcopy(getattr(layer, part).detach().numpy())
        for name, layer in zip(names, layers, strict=True)
        for part in ("weight", "bias")
    }
