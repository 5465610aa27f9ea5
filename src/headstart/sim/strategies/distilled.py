"""Bring the policy into another architecture, then go on there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from headstart.sim.learning.settings import LearnerSettings
from headstart.sim.strategies.strategy import STRATEGIES, Strategy
from headstart.sim.strategies.warm_critic import WARM_FRAC, hold_actor

if TYPE_CHECKING:
    from headstart.sim.learning.knowledge import Knowledge
    from headstart.sim.learning.learner import Learner

EPOCHS, BATCH, RATE = 40, 256, 3e-3
NARROWER = 2  # the student's layers are so many times narrower: a smaller controller for a small processor


class Distilled(Strategy):
    """A narrower network learns the source's answers on what the source saw, then tunes, critic first."""

    name, title = "distil", "a narrower network taught by the source"
    begins_as_source = False
    paper = "Rusu et al., Policy Distillation (ICLR 2016)"

    def settings(self, source: Knowledge) -> LearnerSettings | None:
        """The source's, with narrower layers."""
        own = source.settings
        if own is None:
            return None
        return own.model_copy(update={"hidden": tuple(max(8, width // NARROWER) for width in own.hidden)})

    def begin(self, learner: Learner, source: Knowledge) -> None:
        """Teach the student before it acts; without stored experience on observations drawn like it."""
        learner.inherit(source, actor=False, critic=False)
        teach(learner, source)

    def during(self, learner: Learner, source: Knowledge, share: float) -> None:
        """Its critic knows nothing: the actor waits for it."""
        hold_actor(learner, source, share < WARM_FRAC)


def teach(learner: Learner, source: Knowledge) -> None:
    """Fit the acting network to the source's outputs (squared error), and its spread to the source's."""
    import torch

    from headstart.sim.learning.networks import as_torch, layers, spread_as_torch

    rng = np.random.default_rng(learner.seed)
    seen = source.replay.get("observations")
    if seen is None:
        seen = rng.normal(size=(2000, source.policy.arrays["trunk.0.weight"].shape[1]))
        inputs = torch.from_numpy(np.float32(seen))
    else:
        inputs = torch.from_numpy(np.float32(source.policy.normalised(seen)))
    teacher, old_spread = as_torch(source.policy), spread_as_torch(source.policy)
    trunk, head, spread = layers(learner.model)
    moving = [parameter for layer in (*trunk, head, spread) if layer for parameter in layer.parameters()]
    optimiser = torch.optim.Adam(moving, lr=RATE)
    for _ in range(EPOCHS):
        for rows in np.array_split(rng.permutation(len(inputs)), max(1, len(inputs) // BATCH)):
            batch = inputs[rows]
            x = batch
            for layer in trunk:
                x = torch.relu(layer(x))
            wanted = teacher(batch)
            if learner.settings.family == "sac":
                loss = ((torch.tanh(head(x)) - torch.tanh(wanted)) ** 2).mean()
            else:
                loss = ((head(x) - wanted) ** 2).mean() / wanted.var().clamp(min=1e-6)
            if spread is not None and old_spread is not None:
                loss = loss + 0.1 * ((spread(x) - old_spread(batch)) ** 2).mean()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()


STRATEGIES.add(Distilled.name, Distilled())
