"""Norms' scales and shifts and all biases above the cut move; every matrix and kernel stays."""

from __future__ import annotations

from headstart.core.source import Network
from headstart.how.strategies.norm_bias.config import NormBiasSettings
from headstart.how.strategy import STRATEGIES, Strategy, above
from headstart.training.tuning import Tuning


class NormBias(Strategy[NormBiasSettings]):
    """Tune vectors only: about a hundredth of the weights."""

    config = NormBiasSettings

    def tuning(self, network: Network, settings: NormBiasSettings) -> Tuning:
        """Parameters of one dimension, above the cut."""
        shapes = {name: parameter.ndim for name, parameter in network.module.named_parameters()}
        names = [name for name in above(network, settings.cut(network)) if shapes[name] <= 1]
        return settings.tuning(network, dict.fromkeys(names, 1.0))


STRATEGIES.add("norm_bias", NormBias())
