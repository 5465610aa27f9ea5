"""Is one environment fit to learn in? It is walked a little, by random actions under a seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.finding import Finding
from headstart.core.kinds import Severity
from headstart.core.seeds import derive
from headstart.sim.environment import EnvironmentId, open_environment

if TYPE_CHECKING:
    import gymnasium

MOST_STEPS = 10_000  # an episode without a time limit that is longer counts as one that never ends
REPEATED_STEPS = 200  # walked three times over; a clock or a global generator shows within a few

# Permanent codes, beside those of `headstart.sim.contract.mismatches`; never reused.
TITLES = {
    "HS-C20": (Severity.ERROR, "It fails while it runs"),
    "HS-C21": (Severity.ERROR, "Not a finite number"),
    "HS-C22": (Severity.ERROR, "Its episodes do not end"),
    "HS-C23": (Severity.WARNING, "Not the same under the same seed"),
    "HS-C24": (Severity.WARNING, "Observations outside the limits that it declares"),
}


@dataclass
class Walk:
    """What was seen on the way: per step the numbers of the observation and the reward, then how it ended."""

    seen: list[NDArray[np.float64]] = field(default_factory=list)
    outside_at: int | None = None
    ended: bool = False
    failed: str = ""

    @property
    def not_finite_at(self) -> int | None:
        """The first step with a NaN or an infinity."""
        return next((at for at, row in enumerate(self.seen) if not np.isfinite(row).all()), None)


def soundness(identity: EnvironmentId, seed: int) -> tuple[Finding, ...]:
    """What is wrong with the environment: it raises, gives NaN, never ends, or differs under one seed.

    Costs one episode of random actions (at most `MOST_STEPS` steps) and two walks of `REPEATED_STEPS`.

    Raises:
        SimulationError, MachineError: it cannot even be opened, see `open_environment`.
    """
    walks = []
    env = open_environment(identity)
    try:
        walks.append(_walk(env, seed, MOST_STEPS))
        walks.append(_walk(env, seed, REPEATED_STEPS))
    finally:
        env.close()
    fresh = open_environment(identity)
    try:
        walks.append(_walk(fresh, seed, REPEATED_STEPS))
    finally:
        fresh.close()
    return tuple(_judge(identity.text, walks[0], walks[1:]))


def _walk(env: gymnasium.Env[Any, Any], seed: int, most: int) -> Walk:
    """One episode of random actions, `most` steps at the longest."""
    walk = Walk()
    try:
        observation, _ = env.reset(seed=derive(seed, "soundness", "reset"))
        env.action_space.seed(derive(seed, "soundness", "actions"))  # after: a reset may make a new one
        _note(walk, env, observation, 0.0)
        for _ in range(most):
            observation, reward, terminated, truncated, _ = env.step(env.action_space.sample())
            _note(walk, env, observation, float(reward))
            if terminated or truncated:
                walk.ended = True
                break
            if not np.isfinite(walk.seen[-1]).all():
                break
    except Exception as failed:  # whatever a stranger's environment raises is a finding, not our fault
        walk.failed = f"{type(failed).__name__}: {failed}"
    return walk


def _note(walk: Walk, env: gymnasium.Env[Any, Any], observation: Any, reward: float) -> None:
    if walk.outside_at is None and not env.observation_space.contains(observation):
        walk.outside_at = len(walk.seen)
    walk.seen.append(np.append(numbers(observation), reward))


def numbers(observation: Any) -> NDArray[np.float64]:
    """All numbers of an observation in one row, words left out.

    >>> numbers({"at": (1, [2.5]), "mission": "go"})
    array([1. , 2.5])
    """
    if isinstance(observation, dict):
        parts = [numbers(observation[key]) for key in sorted(observation)]
    elif isinstance(observation, (tuple, list)):
        parts = [numbers(part) for part in observation]
    elif isinstance(observation, str):
        parts = []
    else:
        return np.asarray(observation, dtype=np.float64).ravel()
    return np.concatenate(parts) if parts else np.empty(0)


def _judge(text: str, walk: Walk, again: list[Walk]) -> Iterator[Finding]:
    if walk.failed:
        yield _finding(
            "HS-C20",
            f"At step {len(walk.seen)} of random actions it raised {walk.failed}.",
            (f"{text}, step {len(walk.seen)}",),
            "Mend the environment, or give it other parameters after '?'.",
        )
    if (at := walk.not_finite_at) is not None:
        yield _finding(
            "HS-C21",
            f"Step {at} gave NaN or an infinity as observation or reward; nothing can be learned from it.",
            (f"{text}, step {at}",),
            "Smaller time steps or milder parameters keep a simulation from blowing up.",
        )
    elif not walk.failed and not walk.ended:
        yield _finding(
            "HS-C22",
            f"One episode was still going on after {MOST_STEPS} steps of random actions.",
            (text,),
            "Give it a time limit:  " + _limited(text),
        )
    differing = [at for other in again if (at := _first_difference(walk, other)) is not None]
    if differing:
        yield _finding(
            "HS-C23",
            f"With the same seed and the same actions step {min(differing)} was not the same again: runs "
            "cannot be repeated, and comparisons need more episodes.",
            (f"{text}, step {min(differing)}",),
            "Draw all randomness from the generator that reset(seed=…) sets (env.np_random).",
        )
    if (at := walk.outside_at) is not None and walk.not_finite_at is None:
        yield _finding(
            "HS-C24",
            f"The observation of step {at} lies outside the observation space, or is of another type.",
            (f"{text}, step {at}",),
            "Declare the limits, shape and dtype that it really has; a policy scales its input by them.",
        )


def _first_difference(one: Walk, other: Walk) -> int | None:
    for at, (left, right) in enumerate(zip(one.seen, other.seen, strict=False)):
        if not np.array_equal(left, right, equal_nan=True):
            return at
    shorter = min(len(one.seen), len(other.seen), REPEATED_STEPS)
    return shorter if shorter < min(max(len(one.seen), len(other.seen)), REPEATED_STEPS) else None


def _limited(text: str) -> str:
    return text + ("&" if "?" in text else "?") + "max_episode_steps=1000"


def _finding(code: str, detail: str, where: tuple[str, ...], remedy: str) -> Finding:
    severity, title = TITLES[code]
    return Finding(code, severity, title, detail, where, remedy)
