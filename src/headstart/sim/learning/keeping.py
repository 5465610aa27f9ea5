"""A learner on disk while it lasts: everything that its next piece depends on, sealed, no pickle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from stable_baselines3 import SAC

from headstart.sim.learning.learner import Learner
from headstart.sim.learning.networks import critic_arrays, load_critic, under
from headstart.sim.learning.replay import FIELDS, put
from headstart.training import sealed
from headstart.training.sealed import Sealed


def keep(path: Path, origin: str, learner: Learner, record: dict[str, Any]) -> None:
    """Write the learner after a piece, and `record` (plain JSON) beside it.

    Raises:
        OSError: the disk does not take it; an older file is still there then.
    """
    model = learner.model
    arrays = {f"critic/{name}": array for name, array in critic_arrays(model).items()}
    rows = slice(0, learner.replay.size())  # as they lie: which row is drawn depends on its place
    arrays |= {f"replay/{name}": getattr(learner.replay, name)[rows, 0] for name in FIELDS}
    arrays |= {"norm/mean": learner.statistics.mean, "norm/var": learner.statistics.var}
    tensors = {name: torch.from_numpy(np.array(array)) for name, array in arrays.items()}
    if isinstance(model, SAC):
        tensors |= {f"actor/{name}": tensor for name, tensor in model.actor.state_dict().items()}
    for which, optimiser in optimisers(learner).items():
        for index, state in optimiser.state_dict()["state"].items():
            tensors |= {f"optimiser/{which}/{index}/{name}": value for name, value in state.items()}
    own = {
        "steps": model.num_timesteps,
        "updates": model._n_updates,
        "place": learner.replay.pos,
        "norm_count": float(learner.statistics.count),
        "given": record,
    }
    sealed.write(path, origin, Sealed(tensors, own))


def take_up(path: Path, origin: str, learner: Learner) -> dict[str, Any] | None:
    """Put a new learner where the kept one was; its record, or None where nothing fitting is there."""
    state = sealed.read(path, origin)
    if state is None:
        return None
    model, arrays = learner.model, {name: tensor.numpy() for name, tensor in state.tensors.items()}
    load_critic(model, under(arrays, "critic/"))
    if isinstance(model, SAC):
        model.actor.load_state_dict(
            {name: torch.from_numpy(np.array(a)) for name, a in under(arrays, "actor/").items()}
        )
    put(learner.replay, under(arrays, "replay/"))
    learner.replay.pos = state.record["place"]
    rms = learner.statistics
    rms.mean, rms.var = np.array(arrays["norm/mean"]), np.array(arrays["norm/var"])
    rms.count = state.record["norm_count"]
    for which, optimiser in optimisers(learner).items():
        known: dict[int, dict[str, torch.Tensor]] = {}
        for name, array in under(arrays, f"optimiser/{which}/").items():
            index, _, part = name.partition("/")
            known.setdefault(int(index), {})[part] = torch.from_numpy(np.array(array))
        optimiser.load_state_dict({**optimiser.state_dict(), "state": known})
    model.num_timesteps = state.record["steps"]
    model._n_updates = state.record["updates"]
    if hasattr(model, "_n_calls"):
        model._n_calls = model.num_timesteps
    given: dict[str, Any] = state.record["given"]
    return given


def optimisers(learner: Learner) -> dict[str, torch.optim.Optimizer]:
    """The learner's optimisers by name."""
    model = learner.model
    if not isinstance(model, SAC):
        return {"values": model.policy.optimizer}
    found = {"actor": model.actor.optimizer, "critic": model.critic.optimizer}
    temperature = model.ent_coef_optimizer or getattr(learner, "_temperature", None)
    return found | ({"temperature": temperature} if temperature is not None else {})
