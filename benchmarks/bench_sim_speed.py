"""Learning steps a second: this house's learner against the same one on Gymnasium's own vector environment.

    python benchmarks/bench_sim_speed.py [--environment Pendulum-v1] [--steps 1500] [--rounds 5]

Both are SAC of Stable-Baselines3 with the same settings, in one process, block after block in turn; the rest
reads `gymnasium.make_vec` through the thinnest adapter there can be. Also said: the share of the time that is
spent neither in the simulator nor in the learner.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import gymnasium
import numpy as np
import torch
from harness import machine_line
from stable_baselines3.common.vec_env import VecEnv

from headstart.sim import spaces
from headstart.sim.environment import EnvironmentId
from headstart.sim.learning.learner import NEVER, Learner
from headstart.sim.learning.models import build
from headstart.sim.learning.settings import settings_for
from headstart.sim.metered import metered

WARM_STEPS = 300  # not timed: random actions, caches


class Plain(VecEnv):
    """Gymnasium's vector environment as the learner's library wants it, and nothing more."""

    def __init__(self, text: str) -> None:
        self.inner = gymnasium.make_vec(text, 1, vectorization_mode="sync")
        super().__init__(1, self.inner.single_observation_space, self.inner.single_action_space)
        self.actions: Any = None

    def reset(self) -> Any:  # noqa: D102
        return self.inner.reset()[0]

    def step_async(self, actions: Any) -> None:  # noqa: D102
        self.actions = actions

    def step_wait(self) -> Any:  # noqa: D102
        seen, reward, terminated, truncated, _ = self.inner.step(self.actions)
        done = terminated | truncated
        infos = (
            [{"terminal_observation": seen[0], "TimeLimit.truncated": bool(truncated[0])}]
            if done[0]
            else [{}]
        )
        return seen, reward, done, infos

    def close(self) -> None:  # noqa: D102
        self.inner.close()

    def get_attr(self, name: str, indices: Any = None) -> list[Any]:  # noqa: D102
        return [None]

    def set_attr(self, name: str, value: Any, indices: Any = None) -> None: ...  # noqa: D102

    def env_method(  # noqa: D102
        self, method_name: str, *method_args: Any, indices: Any = None, **method_kwargs: Any
    ) -> list[Any]:
        return [None]

    def env_is_wrapped(self, wrapper_class: Any, indices: Any = None) -> list[bool]:  # noqa: D102
        return [False]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--environment", default="Pendulum-v1")
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    torch.set_num_threads(1)
    env = metered(EnvironmentId.parse(given.environment))
    settings = settings_for(spaces.to_json(env.action_space))
    ours = Learner(env, settings, 0, steps=given.steps * given.rounds, name=given.environment)
    theirs = build(Plain(given.environment), settings, given.steps * given.rounds, 0)
    ours.learn(WARM_STEPS, lambda: False)
    theirs.learn(WARM_STEPS, reset_num_timesteps=False, log_interval=NEVER)
    found: dict[str, list[float]] = {"headstart": [], "gymnasium's own": []}
    for _ in range(given.rounds):
        began_s = time.process_time()
        ours.learn(given.steps, lambda: False)
        found["headstart"].append(given.steps / (time.process_time() - began_s))
        began_s = time.process_time()
        theirs.learn(given.steps, reset_num_timesteps=False, log_interval=NEVER)
        found["gymnasium's own"].append(given.steps / (time.process_time() - began_s))
    print(machine_line())
    for name, speeds in found.items():
        print(f"{name}: {np.median(speeds):.0f} steps a second of processor time, each {np.round(speeds)}")
    ratio = np.median(np.array(found["headstart"]) / np.array(found["gymnasium's own"]))
    print(f"headstart / gymnasium's own, median of {given.rounds} pairs: {ratio:.3f}")
    print(f"outside simulator and learner: {outside(given.environment, given.steps):.1%} of the time")


def outside(text: str, steps: int) -> float:
    """Share of the learner's time in what this house adds: counting, checking, normalising, pieces."""
    env = metered(EnvironmentId.parse(text))
    inner = [0.0]
    below = env.env.step

    def timed(action: Any) -> Any:
        began_s = time.perf_counter()
        result = below(action)
        inner[0] += time.perf_counter() - began_s
        return result

    env.env.step = timed  # type: ignore[method-assign]
    whole = [0.0]
    above = env.step

    def counted(action: Any) -> Any:
        began_s = time.perf_counter()
        result = above(action)
        whole[0] += time.perf_counter() - began_s
        return result

    env.step = counted  # type: ignore[method-assign]
    settings = settings_for(spaces.to_json(env.action_space))
    learner = Learner(env, settings, 0, steps=steps, name=text)
    began_s = time.perf_counter()
    learner.learn(steps, lambda: False)
    return (whole[0] - inner[0]) / (time.perf_counter() - began_s)


if __name__ == "__main__":
    main()
