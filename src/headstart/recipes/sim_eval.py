"""The story of `sim eval`: what a policy returns in an environment, on episodes that nobody used."""

from __future__ import annotations

from dataclasses import dataclass

from headstart.core.estimate import Interval
from headstart.core.watch import Watch
from headstart.metrics import returns
from headstart.recipes.policies import found
from headstart.recipes.sim_meeting import meet
from headstart.sim.environment import EnvironmentId
from headstart.sim.metered import Ledger, metered
from headstart.sim.rollouts import episode_seeds, roll_out


@dataclass(frozen=True)
class PolicyScore:
    """The interquartile mean of returns with its 90 % interval, over n episodes."""

    metric: str
    score: float
    interval: Interval
    n: int


def sim_eval(
    policy: str,
    environment: str,
    watch: Watch,
    *,
    episodes: int = 20,
    seed: int = 0,
    store: str | None = None,
) -> PolicyScore:
    """The interquartile mean of returns over `episodes`, with its 90 % interval; n counts episodes.

    Raises:
        SimulationError, SourceError, StoreError, OutputError: policy or environment cannot be used.
    """
    target = EnvironmentId.parse(environment, typed=True)
    acting = meet(found(policy, store, home=target.text), target, Ledger(), seed=seed).source
    env = metered(target)
    watch.stage("acting", episodes)
    try:
        done: list[float] = []
        for one in episode_seeds(seed, "eval", episodes):
            done += roll_out(acting.knowledge.policy, env, [one]).returns
            watch.advance()
    finally:
        env.close()
    score = returns.score([done], seed)
    return PolicyScore(returns.METRIC, score.estimate, score.interval, episodes)
