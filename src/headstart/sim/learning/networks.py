"""Between the learner's networks and named arrays: what is exported, loaded, frozen and compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from stable_baselines3 import DQN, SAC
from stable_baselines3.common.policies import ContinuousCritic
from stable_baselines3.sac.policies import SACPolicy
from torch import nn

from headstart.sim.policy import Array, Policy

Model: TypeAlias = "SAC | DQN"


class NormedCriticPolicy(SACPolicy):
    """SAC's networks with layer normalisation after every hidden layer of the critics."""

    def make_critic(self, features_extractor: Any = None) -> ContinuousCritic:
        """The usual critic, each hidden layer followed by a `LayerNorm`."""
        critic = super().make_critic(features_extractor)
        for index, plain in enumerate(critic.q_networks):
            layers: list[nn.Module] = []
            for layer in plain.children():
                layers.append(layer)
                if isinstance(layer, nn.Linear) and layer.out_features > 1:
                    layers.append(nn.LayerNorm(layer.out_features))
            normed = nn.Sequential(*layers)
            critic.q_networks[index] = normed
            setattr(critic, f"qf{index}", normed)
        return critic.to(self.device)


def value_networks(model: Model) -> tuple[str, str]:
    """The names of the networks that value, and of their slow copies."""
    return ("critic", "critic_target") if isinstance(model, SAC) else ("q_net", "q_net_target")


def layers(model: Model) -> tuple[list[nn.Linear], nn.Linear, nn.Linear | None]:
    """The acting network's hidden layers, its last one, and the one of its spread (SAC)."""
    if isinstance(model, SAC):
        trunk = [layer for layer in model.actor.latent_pi if isinstance(layer, nn.Linear)]
        assert isinstance(model.actor.mu, nn.Linear)
        assert isinstance(model.actor.log_std, nn.Linear)
        return trunk, model.actor.mu, model.actor.log_std
    found = [layer for layer in model.q_net.q_net if isinstance(layer, nn.Linear)]
    return found[:-1], found[-1], None


def named_layers(model: Model) -> dict[str, nn.Linear]:
    """The same by the names that a policy's arrays have."""
    trunk, head, spread = layers(model)
    named = {f"trunk.{index}": layer for index, layer in enumerate(trunk)} | {"head": head}
    return named | ({"spread": spread} if spread is not None else {})


def actor_arrays(model: Model) -> dict[str, Array]:
    """The acting network as arrays."""
    return {
        f"{name}.{part}": getattr(layer, part).detach().cpu().numpy().copy()
        for name, layer in named_layers(model).items()
        for part in ("weight", "bias")
    }


def load_actor(model: Model, arrays: Mapping[str, Array]) -> None:
    """Put arrays into the acting network; layers that `arrays` lacks stay as they are."""
    with torch.no_grad():
        for name, layer in named_layers(model).items():
            for part in ("weight", "bias"):
                if f"{name}.{part}" in arrays:
                    getattr(layer, part).copy_(torch.from_numpy(np.array(arrays[f"{name}.{part}"])))
    if isinstance(model, DQN):
        model.q_net_target.load_state_dict(model.q_net.state_dict())


def critic_arrays(model: Model) -> dict[str, NDArray[Any]]:
    """The value networks, with their slow copies; SAC's temperature beside them."""
    found = {
        f"{which}/{name}": tensor.detach().cpu().numpy().copy()
        for which in value_networks(model)
        for name, tensor in getattr(model, which).state_dict().items()
    }
    if isinstance(model, SAC) and model.log_ent_coef is not None:
        found["log_ent_coef"] = model.log_ent_coef.detach().cpu().numpy().copy()
    return found


def load_critic(model: Model, arrays: Mapping[str, NDArray[Any]]) -> bool:
    """Put value networks back where their shapes fit; whether they did."""
    for which in value_networks(model):
        network = getattr(model, which)
        own = {name: torch.from_numpy(np.array(a)) for name, a in under(arrays, f"{which}/").items()}
        shapes = {name: tensor.shape for name, tensor in network.state_dict().items()}
        if {name: tensor.shape for name, tensor in own.items()} != shapes:
            return False
        network.load_state_dict(own)
    if isinstance(model, SAC) and model.log_ent_coef is not None and "log_ent_coef" in arrays:
        with torch.no_grad():
            model.log_ent_coef.copy_(torch.from_numpy(np.array(arrays["log_ent_coef"])))
    return True


def under(arrays: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    """Arrays whose names begin with `prefix`, without it."""
    return {name.removeprefix(prefix): a for name, a in arrays.items() if name.startswith(prefix)}


def as_torch(policy: Policy) -> nn.Sequential:
    """The policy's hidden layers and head as a frozen torch network; takes *normalised* observations."""
    made: list[nn.Module] = []
    activation = nn.ReLU if policy.record.activation == "relu" else nn.Tanh
    for index in range(len(policy.record.hidden)):
        made += [_linear(policy.arrays, f"trunk.{index}"), activation()]
    return nn.Sequential(*made, _linear(policy.arrays, "head")).requires_grad_(False)


def spread_as_torch(policy: Policy) -> nn.Sequential | None:
    """The network of the logarithm of a stochastic actor's spread; None where the policy has none."""
    if "spread.weight" not in policy.arrays:
        return None
    return nn.Sequential(*list(as_torch(policy))[:-1], _linear(policy.arrays, "spread")).requires_grad_(False)


def _linear(arrays: Mapping[str, Array], name: str) -> nn.Linear:
    weight = torch.from_numpy(np.array(arrays[f"{name}.weight"]))
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    with torch.no_grad():
        layer.weight.copy_(weight)
        layer.bias.copy_(torch.from_numpy(np.array(arrays[f"{name}.bias"])))
    return layer
