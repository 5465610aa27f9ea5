"""The built-in pairs by themselves: steps a second, and what a policy of the source is worth in the target.

    python benchmarks/bench_pairs.py [PAIR ...] [--steps-frac 1.0] [--episodes 10] [--seed 0]

For each simulator the source is learned once, by Stable-Baselines3 with small networks and in the steps that
the pair names; then its policy acts, untuned, in the source and in the target of each pair of that simulator.
Also said: violations a step, of the policy and of random actions. It shows that sources can be learned and
that near is near and far is far; how to transfer is `bench_control.py`'s matter.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

import numpy as np
import torch
from harness import machine_line
from stable_baselines3 import DQN, PPO, SAC
from stable_baselines3.common.env_util import make_vec_env

from headstart.sim.contract import mapping, signature
from headstart.sim.pairs import Pair, open_pair, pairs

SMALL: dict[str, Any] = {"policy_kwargs": {"net_arch": [64, 64]}, "device": "cpu"}
TIMED_STEPS = 2000


def learned(pair: Pair, steps: int, seed: int) -> Any:
    """A policy of the source."""
    if pair.learner == "ppo":
        envs = make_vec_env(lambda: open_pair(pair.name, "source"), 8, seed=seed)
        model: Any = PPO(
            "MlpPolicy", envs, n_steps=128, batch_size=256, learning_rate=1e-3, gamma=0.98, seed=seed, **SMALL
        )
    elif pair.learner == "dqn":
        model = DQN(
            "MlpPolicy", open_pair(pair.name, "source"), learning_rate=1e-3, learning_starts=1000, gamma=0.98,
            train_freq=4, gradient_steps=2, batch_size=128, target_update_interval=500, buffer_size=50_000,
            exploration_fraction=0.3, seed=seed, **SMALL,
        )  # fmt: skip
    else:
        model = SAC(
            "MlpPolicy", open_pair(pair.name, "source"), learning_rate=1e-3, learning_starts=1000, seed=seed,
            **SMALL,
        )  # fmt: skip
    return model.learn(steps)


def walked(act: Callable[[Any], Any], env: Any, episodes: int) -> tuple[np.ndarray, float]:
    """Returns of whole episodes, and violations a step."""
    returns, violations, steps = [], 0, 0
    for episode in range(episodes):
        observation, _ = env.reset(seed=1000 + episode)
        earned, over = 0.0, False
        while not over:
            observation, reward, terminated, truncated, info = env.step(act(observation))
            earned, over = earned + float(reward), terminated or truncated
            violations, steps = violations + info["violation"], steps + 1
        returns.append(earned)
    return np.array(returns), violations / steps


def pace(pair: Pair) -> float:
    """Steps a second of processor time in the target, the best of three."""
    env = open_pair(pair.name, "target")
    env.reset(seed=0)
    actions = [env.action_space.sample() for _ in range(100)]
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        for at in range(TIMED_STEPS):
            _, _, terminated, truncated, _ = env.step(actions[at % 100])
            if terminated or truncated:
                env.reset()
        best = max(best, TIMED_STEPS / (time.process_time() - start))
    return best


def lines(group: list[Pair], steps_frac: float, episodes: int, seed: int) -> Iterator[str]:
    """One line for each pair of one simulator."""
    first, start = group[0], time.process_time()
    model = learned(first, round(first.source_steps * steps_frac), seed)
    took = time.process_time() - start
    random = open_pair(first.name, "source")
    random.action_space.seed(seed)
    _, chance = walked(lambda _: random.action_space.sample(), random, episodes)
    home, broken = walked(lambda seen: model.predict(seen, deterministic=True)[0],
                          open_pair(first.name, "source"), episodes)  # fmt: skip
    yield (
        f"{first.simulator.gym_id}: {first.learner}, {took:.0f} s of one core; return {home.mean():.1f} "
        f"± {home.std():.1f}; violations a step {broken:.4f}, random {chance:.4f}"
    )
    for pair in group:
        env = open_pair(pair.name, "target")
        said = f"  {pair.name} ({pair.distance}), {pace(pair):.0f} steps/s: "
        fits = mapping(signature(open_pair(pair.name, "source")), signature(env)).nothing_to_do
        if not fits:
            yield said + "the policy does not fit without surgery"
            continue
        away, broken = walked(lambda seen: model.predict(seen, deterministic=True)[0], env, episodes)
        yield said + f"return {away.mean():.1f} ± {away.std():.1f}; violations a step {broken:.4f}"


def main() -> None:
    """All pairs, or those that are named, a simulator after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", nargs="*")
    parser.add_argument("--steps-frac", type=float, default=1.0)
    parser.add_argument("--episodes", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    torch.set_num_threads(1)
    print(machine_line())
    chosen = [pair for pair in pairs() if not given.pairs or pair.name in given.pairs]
    chosen.sort(key=lambda pair: (pair.simulator.gym_id, pair.name))
    for _, group in groupby(chosen, key=lambda pair: pair.simulator.gym_id):
        for line in lines(list(group), given.steps_frac, given.episodes, given.seed):
            print(line, flush=True)


if __name__ == "__main__":
    main()
