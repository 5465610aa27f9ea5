"""One learner in one environment, going on in pieces.

Between two pieces nothing of the environment or of any generator is carried over: a piece begins with a new
episode and with generators seeded by its place. So a learner that was killed goes on from what it had kept
(weights, optimisers, replay, normalisation) to the same curve, without an environment that could be stored.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import torch
from stable_baselines3 import SAC
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.running_mean_std import RunningMeanStd
from stable_baselines3.common.utils import set_random_seed
from torch import nn

from headstart.core.seeds import derive
from headstart.sim import spaces
from headstart.sim.learning.knowledge import Knowledge, write_replay
from headstart.sim.learning.models import Follower, build, constant
from headstart.sim.learning.networks import actor_arrays, critic_arrays, load_actor, load_critic, named_layers
from headstart.sim.learning.normalising import CLIP, Normalised
from headstart.sim.learning.replay import SharedReplay, taken
from headstart.sim.learning.settings import LearnerSettings
from headstart.sim.learning.versions import versions
from headstart.sim.policy import Array, Policy, PolicyRecord

NEVER = 10**9  # episodes between two lines of the learner's own log
LOOK_EVERY = 50  # steps between two looks at whether to stop
SAMPLE = 5_000  # transitions kept beside a policy: enough to mix in, under a megabyte for small robots
Regulariser = Callable[[torch.Tensor], torch.Tensor]


class Learner:
    """SAC or DQN on a flat environment.

    Args:
        env: with flat float32 observations, see `Metered`.
        steps: how many it is meant to learn for (exploration is planned by it).
        name: the environment's text, for the policy's record.
    """

    def __init__(
        self, env: gym.Env[Any, Any], settings: LearnerSettings, seed: int, *, steps: int, name: str
    ) -> None:
        torch.set_num_threads(1)  # small networks: more threads only wait for one another
        self.settings, self.seed, self.name, self.steps = settings, seed, name, steps
        self.venv = Normalised(env)
        self.model = build(self.venv, settings, steps, seed)
        assert isinstance(self.model.replay_buffer, SharedReplay)
        self.replay = self.model.replay_buffer
        self._regulariser: Regulariser | None = None
        optimiser = self.model.actor.optimizer if isinstance(self.model, SAC) else self.model.policy.optimizer
        optimiser.register_step_pre_hook(lambda *_: self._add_regulariser())

    @property
    def done_steps(self) -> int:
        """Steps learned from so far."""
        return int(self.model.num_timesteps)

    @property
    def statistics(self) -> RunningMeanStd:
        """Running mean and variance of the observations."""
        return self.venv.statistics

    def learn(self, steps: int, stop: Callable[[], bool]) -> bool:
        """Go on for `steps` steps from a new episode; False where `stop` said so before their end."""
        piece = derive(self.seed, "piece", self.done_steps)
        set_random_seed(piece)
        self.model.action_space.seed(piece)
        self.venv.seed(piece)
        self.model._last_obs = None
        looking = _Looking(stop)
        self.model.learn(steps, callback=looking, reset_num_timesteps=False, log_interval=NEVER)
        return not looking.stopped

    def inherit(self, source: Knowledge, *, actor: bool = True, critic: bool = True) -> bool:
        """Take over the source's normalisation (kept as it is from now on), actor and critic.

        Whether the critic fitted: one of another shape, or none, is left to be learned.
        """
        self.normalise_like(source.policy)
        self.model.learning_starts = 0
        if isinstance(self.model, Follower):  # a source knows enough not to begin with random choices
            self.model.exploration_schedule = constant(self.settings.explore[1])
        if actor:
            load_actor(self.model, source.policy.arrays)
        return load_critic(self.model, source.critic) if critic else False

    def normalise_like(self, policy: Policy) -> None:
        """Take over a policy's normalisation of observations, and learn it no further."""
        if "norm.mean" in policy.arrays:
            self.statistics.mean = policy.arrays["norm.mean"].astype(np.float64)
            self.statistics.var = policy.arrays["norm.var"].astype(np.float64)
            self.venv.training = False

    def pace(self, times: int) -> None:
        """Gradient steps a round, as a multiple of the settings'."""
        self.model.gradient_steps = self.settings.updates * times

    def freeze(self, *names: str) -> None:
        """Only the acting network's layers that are not among `names` (``trunk.0`` … ``head``) move."""
        for name, layer in named_layers(self.model).items():
            layer.requires_grad_(name not in names)

    def hold_temperature(self, hold: bool) -> None:
        """Keep SAC's entropy temperature where it is while its actor does not move."""
        model = self.model
        if not isinstance(model, SAC) or model.log_ent_coef is None:
            return
        if hold and model.ent_coef_optimizer is not None:
            self._temperature = model.ent_coef_optimizer
            model.ent_coef_tensor = model.log_ent_coef.detach().exp()
            model.ent_coef_optimizer = None
        elif not hold and model.ent_coef_optimizer is None:
            model.ent_coef_optimizer = self._temperature

    def follow(self, network: nn.Module | None) -> None:
        """DQN acts by `network` (on normalised observations) until it is None."""
        if isinstance(self.model, Follower):
            self.model.behaviour = network

    def regularise(self, loss: Regulariser | None) -> None:
        """Add a loss on the batch's normalised observations to that of the acting network."""
        self._regulariser = loss

    def policy(self) -> Policy:
        """The acting network as it is now."""
        arrays: dict[str, Array] = actor_arrays(self.model)
        rms = self.statistics
        arrays |= {"norm.mean": np.array(rms.mean, np.float64), "norm.var": np.array(rms.var, np.float64)}
        sac = self.settings.family == "sac"
        record = PolicyRecord(
            family=self.settings.family,
            output="tanh" if sac else "argmax",
            hidden=self.settings.hidden,
            activation="relu",
            observation_space=spaces.to_json(self.venv.observation_space),
            action_space=spaces.to_json(self.model.action_space),
            clip_observation=CLIP,
            environment=self.name,
            versions=versions(),
        )
        return Policy(record, arrays)

    def knowledge(self, policy: Policy) -> Knowledge:
        """`policy` with the critic as it is now."""
        return Knowledge(policy, self.settings, critic_arrays(self.model))

    def experience(self, folder: Path) -> None:
        """Put a sample of all that was seen so far beside the knowledge in `folder`."""
        write_replay(folder, taken(self.replay, SAMPLE))

    def _add_regulariser(self) -> None:
        seen = self.replay.batch_observations
        if self._regulariser is not None and seen is not None:
            self._regulariser(seen).backward()  # type: ignore[no-untyped-call]


class _Looking(BaseCallback):
    """Looks now and then whether to stop."""

    def __init__(self, stop: Callable[[], bool]) -> None:
        super().__init__()
        self.stop, self.stopped = stop, False

    def _on_step(self) -> bool:
        if self.n_calls % LOOK_EVERY == 0 and self.stop():
            self.stopped = True
        return not self.stopped
