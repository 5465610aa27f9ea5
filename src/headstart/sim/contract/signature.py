"""The signature of an environment: all that a policy silently relies on, as plain values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from headstart.core.errors import SimulationError
from headstart.core.record import Record
from headstart.core.seeds import derive
from headstart.sim.contract.names import ACTIONS, OBSERVATIONS, Named, known, names

if TYPE_CHECKING:
    import gymnasium

WALK_STEPS = 1000  # of random actions, for the scale of rewards and the ends of episodes
TIME_STEPS = ("time_step_s", "dt", "tau")  # attributes that environments keep their time step under
PLUMBING = {"OrderEnforcing", "TimeLimit", "PassiveEnvChecker", "Simulated"}  # change nothing a policy sees


class Channel(Record):
    """One number of an observation or action, or one choice; no limit is null."""

    name: str
    unit: str = ""
    low: float | None = None
    high: float | None = None


class Signature(Record):
    """What a policy relies on.

    Attributes:
        observations: the numbers of an observation, laid out flat.
        observation_kind, action_kind: `numbers`, `choice`, or `other`: a mixture that was laid out flat.
        observations_named, actions_named: whether the names are known; else they only count.
        time_step_s: seconds between two actions, where the environment says so.
        frame_skip: simulation steps for each action, likewise.
        max_steps: the time limit of an episode; null without one.
        reward_mean, reward_spread: of one step of random actions.
        terminates: an episode of random actions ended before the time limit.
        episode_steps: median length of an episode of random actions; null if none ended.
        normalised: a wrapper scales observations or rewards by running statistics.
        wrappers: those around the environment that change what is seen or done, the outermost first.
    """

    environment: str
    observation_kind: Literal["numbers", "choice", "other"]
    observation_shape: tuple[int, ...]
    observation_dtype: str
    observations: tuple[Channel, ...]
    observations_named: bool
    action_kind: Literal["numbers", "choice", "other"]
    actions: tuple[Channel, ...]
    actions_named: bool
    time_step_s: float | None
    frame_skip: int | None
    max_steps: int | None
    reward_mean: float
    reward_spread: float
    terminates: bool
    episode_steps: float | None
    normalised: bool
    wrappers: tuple[str, ...]


def signature(
    env: gymnasium.Env[Any, Any], name: str = "", *, seed: int = 0, walk_steps: int = WALK_STEPS
) -> Signature:
    """Read the signature of an environment; walks `walk_steps` (1 or more) random steps in it under `seed`.

    Raises:
        SimulationError: observations that are no fixed row of numbers (words, graphs).
    """
    observation_kind, observations, seen = _channels(env, env.observation_space, OBSERVATIONS, name)
    action_kind, actions, done = _channels(env, env.action_space, ACTIONS, name)
    rewards, lengths, terminates = _walk(env, seed, walk_steps)
    wrappers = tuple(_wrappers(env))
    return Signature(
        environment=name or (env.spec.id if env.spec else type(env.unwrapped).__name__),
        observation_kind=observation_kind,
        observation_shape=tuple(env.observation_space.shape or ()),
        observation_dtype=str(env.observation_space.dtype or "mixed"),
        observations=observations,
        observations_named=seen,
        action_kind=action_kind,
        actions=actions,
        actions_named=done,
        time_step_s=_time_step(env),
        frame_skip=getattr(env.unwrapped, "frame_skip", None),
        max_steps=env.spec.max_episode_steps if env.spec else None,
        reward_mean=float(np.mean(rewards)),
        reward_spread=float(np.std(rewards)),
        terminates=terminates,
        episode_steps=float(np.median(lengths)) if lengths else None,
        normalised=any("Normalize" in wrapper for wrapper in wrappers),
        wrappers=wrappers,
    )


def _channels(
    env: gymnasium.Env[Any, Any], space: gymnasium.Space[Any], what: str, where: str
) -> tuple[Literal["numbers", "choice", "other"], tuple[Channel, ...], bool]:
    """The kind of a space, its numbers or choices, and whether their names are known."""
    from gymnasium import spaces

    from headstart.sim.wordless import has_numbers

    if what == ACTIONS and isinstance(space, spaces.Discrete):
        found = names(env, what, int(space.n))
        numbered = found or [Named(f"choice {at}", "") for at in range(int(space.n))]
        return "choice", tuple(Channel(name=n, unit=u) for n, u in numbered), found is not None
    flat = spaces.flatten_space(space) if has_numbers(space) else None
    if not isinstance(flat, spaces.Box):
        raise SimulationError(
            f"{what} of the kind {type(space).__name__} are no fixed row of numbers",
            where=where,
            remedy="Wrap the environment so that it gives and takes numbers or choices.",
        )
    found = names(env, what, flat.shape[0])
    numbered = found or [Named(f"{what[:-1]} {at}", "") for at in range(flat.shape[0])]
    channels = tuple(
        Channel(name=one.name, unit=one.unit, low=_limit(low), high=_limit(high))
        for one, low, high in zip(numbered, flat.low, flat.high, strict=True)
    )
    row = isinstance(space, spaces.Box) and len(space.shape) == 1
    kind: Literal["numbers", "choice", "other"] = "numbers" if row else "other"
    return "choice" if isinstance(space, spaces.Discrete) else kind, channels, found is not None


def _limit(value: Any) -> float | None:
    return float(value) if math.isfinite(value) and abs(value) < np.finfo(np.float32).max else None


def _walk(env: gymnasium.Env[Any, Any], seed: int, steps: int) -> tuple[list[float], list[int], bool]:
    """Rewards of random steps, lengths of whole episodes, and whether one ended before its time."""
    env.reset(seed=derive(seed, "signature", "reset"))
    env.action_space.seed(derive(seed, "signature", "actions"))  # after: a reset may make a new one
    rewards, lengths, terminates, length = [], [], False, 0
    for _ in range(steps):
        _, reward, terminated, truncated, _ = env.step(env.action_space.sample())
        rewards.append(float(reward))
        length += 1
        terminates |= bool(terminated)
        if terminated or truncated:
            lengths.append(length)
            length = 0
            env.reset()
    return rewards, lengths, terminates


def _time_step(env: gymnasium.Env[Any, Any]) -> float | None:
    for attribute in TIME_STEPS:
        value = getattr(env.unwrapped, attribute, None)
        if isinstance(value, (int, float)) and value > 0:
            return float(value)
    config = getattr(env.unwrapped, "config", None)  # of highway-env
    if isinstance(config, dict) and config.get("policy_frequency"):
        return 1.0 / float(config["policy_frequency"])
    entry = known(env.spec.id) if env.spec else None
    return entry.get("dt_s") if entry else None


def _wrappers(env: gymnasium.Env[Any, Any]) -> list[str]:
    import gymnasium

    found = []
    while isinstance(env, gymnasium.Wrapper):
        if type(env).__name__ not in PLUMBING:
            found.append(type(env).__name__)
        env = env.env
    return found
