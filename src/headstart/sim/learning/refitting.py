"""What a source knows, refitted to another environment's spaces: policy, critic and experience by surgery."""

from __future__ import annotations

from collections.abc import Mapping as Named
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headstart.sim.contract import Mapping
from headstart.sim.learning.knowledge import Knowledge
from headstart.sim.policy import VARIANCE_FLOOR, Array, Policy
from headstart.sim.surgery import Layer, Scaling, critic_layer, first_layer, last_layer, scaling

Arrays = Named[str, NDArray[Any]]
SEEN = ("observations", "next_observations")


def refitted(
    source: Knowledge, mapping: Mapping, observation_space: dict[str, Any], action_space: dict[str, Any]
) -> Knowledge:
    """The same behaviour on what both environments share; spaces as `spaces.to_json` gives the target's.

    A residual's base is refitted with it. Experience is kept where every number of it has its place in the
    target, else left out: made-up observations would teach the critic about a world that is not there.

    Raises:
        SimulationError: the spaces cannot be mapped.
    """
    spaces = {"observation_space": observation_space, "action_space": action_space}
    arrays = dict(_policy_arrays(source.policy, mapping))
    record = source.policy.record.model_copy(update=spaces)
    base = source.policy.base
    if base is not None:
        inner = refitted(Knowledge(base), mapping, observation_space, action_space).policy
        arrays |= {f"base.{name}": array for name, array in inner.arrays.items()}
        record = record.model_copy(update={"base": inner.record})
    policy = Policy(record, arrays)
    return Knowledge(
        policy, source.settings, _critic(source, mapping), _experience(source.replay, mapping, policy)
    )


def _policy_arrays(policy: Policy, mapping: Mapping) -> dict[str, Array]:
    old = {name: array for name, array in policy.arrays.items() if not name.startswith("base.")}
    normalised = "norm.mean" in old
    arrays = dict(old)
    first = "trunk.0" if policy.record.hidden else "head"
    arrays |= _put(first, first_layer(_layer(old, first), mapping, means=None, normalised=normalised))
    choices = policy.record.output == "argmax"
    for name in ("head", "spread"):
        if f"{name}.weight" in old:
            scaled = policy.record.output == "tanh" or policy.record.base is not None
            arrays |= _put(name, last_layer(_layer(arrays, name), mapping, choices=choices, scaled=scaled))
    if normalised:
        new = scaling(Scaling(old["norm.mean"], old["norm.var"]), mapping, floor=VARIANCE_FLOOR)
        arrays |= {"norm.mean": new.mean, "norm.var": new.var}
    return arrays


def _critic(source: Knowledge, mapping: Mapping) -> Arrays:
    """Every network of values: SAC's read observations and actions, DQN's give one value a choice."""
    arrays = dict(source.critic)
    normalised = "norm.mean" in source.policy.arrays
    for name in [name for name in arrays if name.endswith(".0.weight")]:
        layer = name.removesuffix(".weight")
        if "critic" in layer:
            arrays |= _put(
                layer, critic_layer(_layer(arrays, layer), mapping, means=None, normalised=normalised)
            )
        else:
            arrays |= _put(
                layer, first_layer(_layer(arrays, layer), mapping, means=None, normalised=normalised)
            )
            net = layer.removesuffix(".0")
            last = f"{net}.{max(int(n.split('.')[-2]) for n in arrays if n.startswith(net + '.'))}"
            arrays |= _put(last, last_layer(_layer(arrays, last), mapping, choices=True))
    return arrays


def _experience(replay: Arrays, mapping: Mapping, policy: Policy) -> Arrays:
    unknown = None in mapping.observations or None in mapping.actions
    choices = policy.record.action_space["type"] == "discrete"
    if not replay or unknown or (choices and mapping.actions != tuple(range(mapping.source_actions))):
        return {}
    order = [index for index in mapping.observations if index is not None]
    moved = dict(replay)
    for name in SEEN:
        moved[name] = (replay[name][:, order] / np.array(mapping.observation_factors)).astype(np.float32)
    if not choices:
        moved["actions"] = replay["actions"][:, [index for index in mapping.actions if index is not None]]
    return moved


def _layer(arrays: Arrays, name: str) -> Layer:
    return Layer(arrays[f"{name}.weight"], arrays[f"{name}.bias"])


def _put(name: str, layer: Layer) -> dict[str, Any]:
    return {f"{name}.weight": layer.weight, f"{name}.bias": layer.bias}
