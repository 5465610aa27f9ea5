"""LP-FT with a spring: the squared distance from the source's weights is part of the loss."""

from __future__ import annotations

from dataclasses import replace

from headstart.core.source import Network
from headstart.how.strategies.anchored.config import AnchoredSettings
from headstart.how.strategy import STRATEGIES, Strategy, above
from headstart.training.tuning import Tuning


class Anchored(Strategy[AnchoredSettings]):
    """Tune above the cut; decay towards the start instead of towards 0."""

    config = AnchoredSettings

    def tuning(self, network: Network, settings: AnchoredSettings) -> Tuning:
        """Everything above the cut at one rate, anchored."""
        plain = settings.tuning(network, dict.fromkeys(above(network, settings.cut(network)), 1.0))
        return replace(plain, anchor=settings.pull, weight_decay=0.0)


STRATEGIES.add("anchored", Anchored())
