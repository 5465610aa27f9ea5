"""Experience: what was seen, as plain arrays, and a buffer that mixes in what the source saw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from stable_baselines3.common.buffers import ReplayBuffer
from stable_baselines3.common.type_aliases import ReplayBufferSamples

FIELDS = ("observations", "next_observations", "actions", "rewards", "dones", "timeouts")
Experience = Mapping[str, NDArray[Any]]  # [n, …] by the names in FIELDS; observations as they came


class SharedReplay(ReplayBuffer):
    """A replay buffer of which a set share of every batch may come from the source.

    Mixing in earlier data keeps a value network from forgetting what the new task has not shown yet (Ball
    et al., RLPD, ICML 2023). `batch_observations` are those of the latest batch, for losses added to it.
    """

    source: ReplayBuffer | None = None
    source_frac: float = 0.0
    batch_observations: torch.Tensor | None = None

    def sample(self, batch_size: int, env: Any = None) -> ReplayBufferSamples:
        """A batch; `source_frac` of it from the source, where there is one."""
        theirs = round(self.source_frac * batch_size) if self.source is not None else 0
        drawn = super().sample(batch_size - theirs, env)
        if theirs and self.source is not None:
            other = self.source.sample(theirs, env)
            joined = [
                None if own is None or its is None else torch.cat([own, its])
                for own, its in zip(drawn, other, strict=True)
            ]
            drawn = ReplayBufferSamples(*joined)  # type: ignore[arg-type]
        self.batch_observations = drawn.observations
        return drawn

    def bring(self, experience: Experience, share: float) -> None:
        """Have `share` of every batch drawn from the source's experience."""
        n = len(experience["rewards"])
        self.source = ReplayBuffer(n, self.observation_space, self.action_space, self.device)
        put(self.source, experience)
        self.source_frac = share


def taken(buffer: ReplayBuffer, most: int | None = None) -> dict[str, NDArray[Any]]:
    """What the buffer holds, oldest first; with `most`, rows spread evenly over it."""
    n = buffer.size()
    order = (np.arange(n) + (buffer.pos if buffer.full else 0)) % buffer.buffer_size
    if most is not None and n > most:
        order = order[np.linspace(0, n - 1, most).round().astype(int)]
    return {name: getattr(buffer, name)[order, 0] for name in FIELDS}


def put(buffer: ReplayBuffer, experience: Experience) -> None:
    """Make the buffer hold exactly this experience (its newest rows, where it is too much)."""
    n = min(len(experience["rewards"]), buffer.buffer_size)
    for name in FIELDS:
        getattr(buffer, name)[:n, 0] = experience[name][-n:].reshape(getattr(buffer, name)[:n, 0].shape)
    buffer.pos, buffer.full = n % buffer.buffer_size, n == buffer.buffer_size
