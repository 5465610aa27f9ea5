"""Behaviour cloning: a network that answers observations as a demonstrator did (Pomerleau, 1991).

Squared error for actions that are numbers (scaled to -1 … 1 by their limits), log-loss for choices. Episodes,
never steps, are split: steps of one episode resemble each other. `FOLDS` networks are each stopped early on
one part of the episodes and judged on another that nobody chose by; the network that is kept then learns from
all episodes, for the median number of updates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.core.errors import DataError
from headstart.core.estimate import Interval
from headstart.core.gathering import Imitation
from headstart.core.seeds import derive, generator
from headstart.sim import spaces
from headstart.sim.gathering.imitating import MOST_UPDATES, Examples, Fitted, fit
from headstart.sim.gathering.trajectories import Trajectories
from headstart.sim.policy import Policy, PolicyRecord

HIDDEN = (64, 64)
FOLDS, FEWEST = 4, 3  # one part to learn from, one to stop by, one to judge by
RESAMPLES, LEVEL = 2000, 0.9
LEAST_SKILL = 0.01  # below a hundredth of what the mean action leaves open, nothing was learned
CLIP = 10.0  # standard deviations: what lies further out than any demonstration is not believed


@dataclass(frozen=True)
class Clone:
    """What was learned, and how well it foresees actions."""

    policy: Policy
    imitation: Imitation


def examples_of(recorded: Trajectories) -> Examples:
    """All steps of all episodes, with the number of their episode; actions scaled to -1 … 1.

    Raises:
        DataError: too few episodes, or actions without limits.
    """
    space = recorded.header.action_space
    parts = [(at, one) for at, one in enumerate(recorded) if one.steps]
    if len(parts) < FEWEST:
        raise DataError(
            f"{len(parts)} episodes with steps",
            where=str(recorded.file),
            expected=f"at least {FEWEST}: some to learn from, some to stop by, some to judge by",
            remedy="Record more: `headstart sim record … --episodes 20`.",
        )
    actions = np.concatenate([one.actions for _, one in parts])
    if space["type"] == "box":
        if None in (*space["low"], *space["high"]):
            raise DataError(
                "an action without limits",
                where=str(recorded.file),
                expected="actions between two finite limits",
                remedy="Wrap the environment (gymnasium.wrappers.RescaleAction) and record again.",
            )
        low, high = np.float64(space["low"]), np.float64(space["high"])
        actions = (2.0 * (actions - low) / (high - low) - 1.0).astype(np.float32)
    else:
        actions = actions - space["start"]
    episodes = np.repeat([at for at, _ in parts], [one.steps for _, one in parts])
    seen = np.concatenate([one.observations[:-1] for _, one in parts])
    return Examples(seen, actions, episodes, spaces.width(space))


def clone(
    recorded: Trajectories,
    *,
    seed: int,
    hidden: tuple[int, ...] = HIDDEN,
    most_updates: int = MOST_UPDATES,
) -> Clone:
    """Learn to act as in `recorded`.

    Raises:
        DataError: too few demonstrations, or nothing to be learned from them: held-out actions are foreseen
            no better than by the mean action.
    """
    examples = examples_of(recorded)
    folds = _folds(examples.episodes, seed)
    judged = [
        _judged(examples, folds, k, hidden, derive(seed, "clone", k), most_updates) for k in range(len(folds))
    ]
    ours, base = (np.concatenate([one[part] for one in judged]) for part in (0, 1))
    order = np.concatenate([examples.episodes[np.isin(examples.episodes, fold)] for fold in folds])
    skill, interval = _skill(ours, base, order, seed)
    if skill < LEAST_SKILL and base.mean() > 0:
        measured = f"{ours.mean():.4g} against {base.mean():.4g}"
        blind = "the shares of the choices" if examples.choice else "the mean action"
        raise DataError(
            "nothing could be learned from these demonstrations: on episodes that it had not seen, the "
            f"network is no better than {blind} ({measured})",
            where=str(recorded.file),
            remedy="Record more episodes, or a demonstrator whose actions follow from what the environment "
            "shows. Nothing was kept.",
        )
    updates = int(np.median([one[3] for one in judged]))
    fitted = fit(examples, None, hidden, derive(seed, "clone", "all"), updates=updates)
    agreement = float(np.concatenate([one[2] for one in judged]).mean()) if examples.choice else None
    imitation = Imitation(
        measure="log-loss" if examples.choice else "squared error",
        loss=float(ours.mean()),
        baseline=float(base.mean()),
        skill=skill,
        interval=interval,
        agreement=agreement,
        updates=updates,
    )
    return Clone(_policy(recorded, fitted, hidden), imitation)


def _folds(episodes: NDArray[Any], seed: int) -> list[NDArray[Any]]:
    """The episodes in `FOLDS` parts (fewer where there are fewer), by chance under the seed."""
    own = np.unique(episodes)
    shuffled = generator(seed, "clone", "folds").permutation(own)
    return np.array_split(shuffled, min(FOLDS, len(own)))


def _judged(
    examples: Examples, folds: list[NDArray[Any]], k: int, hidden: tuple[int, ...], seed: int, most: int
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], int]:
    """On fold k: losses of the network and of the baseline, whether the choice agreed; updates made.

    Stopped early on the next fold, learned from the others.
    """
    stop = folds[(k + 1) % len(folds)]
    test = np.isin(examples.episodes, folds[k])
    held = np.isin(examples.episodes, stop)
    learned = examples.of(~test & ~held)
    fitted = fit(learned, examples.of(held), hidden, seed, updates=most)
    judged = examples.of(test)
    out = fitted.outputs(judged.observations)
    baseline = examples.of(~test).baseline()
    agreed = out.argmax(1) == judged.actions if judged.choice else np.zeros(0)
    return judged.losses(out), judged.losses(np.broadcast_to(baseline, out.shape)), agreed, fitted.updates


def _skill(
    ours: NDArray[Any], base: NDArray[Any], episodes: NDArray[Any], seed: int
) -> tuple[float, Interval]:
    """1 - loss / baseline, with a bootstrap over episodes; always 1 where the baseline is perfect too."""
    own, index = np.unique(episodes, return_inverse=True)
    sums = np.stack([np.bincount(index, part, len(own)) for part in (ours, base)])
    draws = generator(seed, "clone", "skill").integers(0, len(own), (RESAMPLES, len(own)))
    drawn = sums[:, draws].sum(axis=2)

    def skill(sums: NDArray[Any]) -> NDArray[Any]:
        return np.where(sums[1] > 0, 1.0 - sums[0] / np.maximum(sums[1], 1e-300), 1.0)

    low, high = np.quantile(skill(drawn), [0.5 - LEVEL / 2, 0.5 + LEVEL / 2])
    return float(skill(sums.sum(axis=1))), Interval(float(low), float(high), LEVEL)


def _policy(recorded: Trajectories, fitted: Fitted, hidden: tuple[int, ...]) -> Policy:
    from headstart.sim.learning.versions import versions

    header = recorded.header
    record = PolicyRecord(
        family="clone",
        output="argmax" if header.action_space["type"] == "discrete" else "tanh",
        hidden=hidden,
        activation="relu",
        observation_space=header.observation_space,
        action_space=header.action_space,
        clip_observation=CLIP,
        environment=header.environment,
        versions=versions(),
    )
    return Policy(record, fitted.arrays)
