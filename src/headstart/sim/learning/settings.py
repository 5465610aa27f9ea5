"""What a learner may be told."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from headstart.core.record import Record

RARE_STEPS = 100_000  # transitions kept at most; small observations, so some 20 MB


class LearnerSettings(Record):
    """An off-policy learner: SAC (Haarnoja et al. 2018) for boxes, DQN (Mnih et al. 2015) for choices.

    Attributes:
        hidden: widths of the layers of actor and critic alike.
        rate: of Adam, for all networks.
        discount: of later rewards; `polyak` how fast target networks follow (SAC).
        starts: steps of random actions before anything is learned.
        every: environment steps between two rounds of `updates` gradient steps.
        target_every: steps between two copies of the target network (DQN).
        explore: probability of a random choice, from its first to its last value over `explore_frac` of the
            steps (DQN; SAC's actor explores by itself).
        critic_norm: layer normalisation in the critic, which keeps values of unseen actions bounded (Ball et
            al., RLPD, ICML 2023).
    """

    family: Literal["sac", "dqn"]
    hidden: tuple[int, ...] = (64, 64)
    rate: float = Field(default=1e-3, gt=0, le=0.1)
    batch: int = Field(default=128, ge=1, le=4096)
    discount: float = Field(default=0.99, ge=0, lt=1)
    polyak: float = Field(default=0.01, gt=0, le=1)
    buffer: int = Field(default=RARE_STEPS, ge=1)
    starts: int = Field(default=200, ge=0)
    every: int = Field(default=1, ge=1)
    updates: int = Field(default=1, ge=1)
    target_every: int = Field(default=200, ge=1)
    explore: tuple[float, float] = (1.0, 0.05)
    explore_frac: float = Field(default=0.3, gt=0, le=1)
    critic_norm: bool = True


def settings_for(action_space: dict[str, Any]) -> LearnerSettings:
    """The learner that fits a space of actions (see `spaces.to_json`).

    >>> settings_for({"type": "discrete", "n": 3, "start": 0}).family
    'dqn'
    """
    if action_space["type"] == "discrete":
        return LearnerSettings(family="dqn", batch=64, every=2)
    return LearnerSettings(family="sac")
