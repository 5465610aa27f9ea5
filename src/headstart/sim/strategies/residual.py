"""Keep the policy as it is and learn a small correction on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gymnasium as gym
import numpy as np

from headstart.sim.strategies.strategy import STRATEGIES, Strategy

if TYPE_CHECKING:
    from headstart.sim.learning.knowledge import Knowledge
    from headstart.sim.learning.learner import Learner
    from headstart.sim.policy import Policy

REACH = 0.5  # of half the box's width: what the correction may add at most


class Corrected(gym.Wrapper[Any, Any, Any, Any]):
    """Actions in -1…1 are corrections to a frozen policy's."""

    def __init__(self, env: gym.Env[Any, Any], policy: Policy) -> None:
        super().__init__(env)
        box = env.action_space
        assert isinstance(box, gym.spaces.Box)
        self.policy, self._box = policy, box
        self.action_space: gym.Space[Any] = gym.spaces.Box(-1.0, 1.0, box.shape, np.float32)
        self._seen: Any = None

    def reset(self, **given: Any) -> Any:
        """As below."""
        self._seen, info = self.env.reset(**given)
        return self._seen, info

    def step(self, action: Any) -> Any:
        """The policy's action, corrected, kept in the box."""
        half = 0.5 * (self._box.high - self._box.low)
        whole = self.policy.act(self._seen[None])[0] + REACH * half * np.asarray(action)
        found = self.env.step(np.clip(whole, self._box.low, self._box.high).astype(np.float32))
        self._seen = found[0]
        return found


class Residual(Strategy):
    """A new small policy, silent at first, adds to a frozen one: what that does well is not unlearned."""

    name, title, families = "residual", "a correction on the frozen policy", ("sac",)
    paper = "Johannink et al., Residual Reinforcement Learning for Robot Control (ICRA 2019)"

    def wrapped(self, env: gym.Env[Any, Any], source: Knowledge) -> gym.Env[Any, Any]:
        """The policy acts inside."""
        return Corrected(env, source.policy)

    def begin(self, learner: Learner, source: Knowledge) -> None:
        """Silent: the head's weights are nothing."""
        import torch

        from headstart.sim.learning.networks import named_layers

        learner.normalise_like(source.policy)
        with torch.no_grad():
            for parameter in named_layers(learner.model)["head"].parameters():
                parameter.zero_()
            named_layers(learner.model)["spread"].bias.fill_(-1.0)  # explore a little
        learner.model.learning_starts = 0

    def policy(self, learner: Learner, source: Knowledge) -> Policy:
        """Both in one artefact."""
        from headstart.sim.policy import Policy

        own, base = learner.policy(), source.policy
        record = own.record.model_copy(
            update={"base": base.record, "residual": REACH, "action_space": base.record.action_space}
        )
        return Policy(record, {**own.arrays, **{f"base.{name}": a for name, a in base.arrays.items()}})


STRATEGIES.add(Residual.name, Residual())
