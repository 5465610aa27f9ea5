"""Adapters are put in, tuned, multiplied out into the weights they belong to, and taken off again.

What is left is a set of ordinary tensors, so serving and averaging need not know about adapters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from headstart.core.errors import SourceError
from headstart.core.seeds import derive
from headstart.core.source import Network
from headstart.how.strategies.low_rank.config import LowRankSettings
from headstart.how.strategy import STRATEGIES, Fit, Strategy, above
from headstart.training.loop import Tuned, train
from headstart.training.tuning import Tuning

if TYPE_CHECKING:
    import torch


class LowRank(Strategy[LowRankSettings]):
    """LoRA on every matrix, and every ungrouped convolution, above the cut."""

    config = LowRankSettings

    def tuning(self, network: Network, settings: LowRankSettings) -> Tuning:
        """The weights that get an adapter."""
        names = [f"{module}.weight" for module in adaptable(network, settings.cut(network))]
        return settings.tuning(network, dict.fromkeys(names, 1.0))

    def adapt(self, fit: Fit, settings: LowRankSettings) -> Tuned:
        """Train the adapters, hand back the weights with them multiplied out."""
        plain = self.tuning(fit.network, settings)
        names = [name.removesuffix(".weight") for name in plain.rates]
        with adapters(fit.network, names, settings, fit.seed) as layers:
            rates = {name: 1.0 for name, _ in fit.network.module.named_parameters() if ".lora_" in name}
            tuned = train(
                fit.network,
                fit.states,
                fit.rows,
                fit.targets,
                fit.head,
                replace(plain, rates=rates),
                objective=self.objective(fit.kind, settings),
                dtype=fit.dtype,
                seed=fit.seed,
                deadline=fit.deadline,
                watch=fit.watch,
                checkpoint=fit.checkpoint,
            )
            return replace(tuned, tensors=_multiplied_out(fit.network, layers, tuned))


def adaptable(network: Network, cut: int) -> list[str]:
    """Modules above the cut that LoRA can adapt: linear layers, and convolutions in one group."""
    import torch

    names = {name.removesuffix(".weight") for name in above(network, cut) if name.endswith(".weight")}
    return [
        name
        for name, module in network.module.named_modules()
        if name in names
        and (
            isinstance(module, torch.nn.Linear)
            or (isinstance(module, torch.nn.Conv2d) and module.groups == 1)
        )
    ]


@contextmanager
def adapters(
    network: Network, names: list[str], settings: LowRankSettings, seed: int
) -> Iterator[Mapping[str, Any]]:
    """PEFT's layers in place of the named modules, which are put back at the end."""
    import torch
    from peft import LoraConfig, inject_adapter_in_model

    if not names:
        raise SourceError(
            "has no matrix above the cut", where=network.card.id, remedy="Cut lower, or use norm_bias."
        )
    before = {name: network.module.get_submodule(name) for name in names}
    config = LoraConfig(
        r=settings.rank,
        lora_alpha=settings.scale * settings.rank,
        target_modules=list(names),
        lora_dropout=0.0,
    )
    torch.manual_seed(derive(seed, "adapters"))
    try:
        inject_adapter_in_model(config, network.module)
        network.module.eval()
        yield {name: network.module.get_submodule(name) for name in names}
    finally:
        if hasattr(network.module, "peft_config"):
            del network.module.peft_config  # left there, the next adapters would come on top of these
        for name, module in before.items():
            parent, _, own = name.rpartition(".")
            setattr(network.module.get_submodule(parent), own, module)


def _multiplied_out(network: Network, layers: Mapping[str, Any], tuned: Tuned) -> dict[str, torch.Tensor]:
    """Weight + scale * B A for every adapted module, under the weight's own name."""
    import torch

    from headstart.training.lending import wearing

    with wearing(network, tuned.tensors), torch.no_grad():
        return {
            f"{name}.weight": layer.get_base_layer().weight + layer.get_delta_weight("default")
            for name, layer in layers.items()
        }


STRATEGIES.add("low_rank", LowRank())
