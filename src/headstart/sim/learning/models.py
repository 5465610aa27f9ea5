"""Stable-Baselines3's algorithms as this house builds them: small, on one thread, on the CPU."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from stable_baselines3 import DQN, SAC
from stable_baselines3.common.vec_env import VecEnv
from torch import nn

from headstart.sim.learning.networks import Model, NormedCriticPolicy
from headstart.sim.learning.replay import SharedReplay
from headstart.sim.learning.settings import LearnerSettings


class Follower(DQN):
    """DQN that may follow another network's choices while its own values are not learned yet."""

    behaviour: nn.Module | None = None

    def predict(
        self,
        observation: Any,
        state: Any = None,
        episode_start: Any = None,
        deterministic: bool = False,
    ) -> tuple[np.ndarray[Any, Any], Any]:
        """Choices for (normalised) observations; random ones now and then."""
        if self.behaviour is None or deterministic:
            chosen, state = super().predict(observation, state, episode_start, deterministic)
            return np.asarray(chosen), state
        if np.random.random() < self.exploration_rate:  # noqa: NPY002  the learner's own generator
            return np.array([self.action_space.sample() for _ in range(len(observation))]), state
        with torch.no_grad():
            values = self.behaviour(torch.as_tensor(observation, dtype=torch.float32))
        return np.asarray(values.argmax(1)), state


def build(env: VecEnv, settings: LearnerSettings, steps: int, seed: int) -> Model:
    """A learner that has learned nothing; `steps` is how far its exploration is planned."""
    networks: dict[str, Any] = {
        "activation_fn": nn.ReLU,
        "net_arch": list(settings.hidden),
        "optimizer_kwargs": {"fused": True},  # one call a step in place of one a parameter
    }
    shared: dict[str, Any] = {
        "env": env,
        "learning_rate": settings.rate,
        "buffer_size": settings.buffer,
        "learning_starts": settings.starts,
        "batch_size": settings.batch,
        "gamma": settings.discount,
        "train_freq": settings.every,
        "gradient_steps": settings.updates,
        "replay_buffer_class": SharedReplay,
        "policy_kwargs": networks,
        "seed": seed,
        "device": "cpu",
    }
    if settings.family == "sac":
        policy = NormedCriticPolicy if settings.critic_norm else "MlpPolicy"
        return SAC(policy, tau=settings.polyak, **shared)
    model = Follower("MlpPolicy", target_update_interval=settings.target_every, **shared)
    model.exploration_schedule = _falling(model, settings, steps)
    return model


def constant(rate: float) -> Callable[[float], float]:
    """Exploration that stays the same."""
    return lambda _: rate


def _falling(model: Follower, settings: LearnerSettings, steps: int) -> Callable[[float], float]:
    """Exploration that falls with the steps done: a learner that goes on piece by piece knows no end."""
    first, last = settings.explore
    over = max(1.0, settings.explore_frac * steps)

    return lambda _: float(first + min(1.0, model.num_timesteps / over) * (last - first))
