"""LP-FT: the head starts as a probe on frozen features, then everything above the cut moves."""

from __future__ import annotations

from headstart.core.source import Network
from headstart.how.strategies.lp_ft.config import LpFtSettings
from headstart.how.strategy import STRATEGIES, Strategy, above
from headstart.training.tuning import Tuning


class LinearProbeThenTune(Strategy[LpFtSettings]):
    """Tune all weights of the blocks above the cut, from a head that already fits."""

    config = LpFtSettings

    def tuning(self, network: Network, settings: LpFtSettings) -> Tuning:
        """Everything above the cut, at one rate."""
        return settings.tuning(network, dict.fromkeys(above(network, settings.cut(network)), 1.0))


STRATEGIES.add("lp_ft", LinearProbeThenTune())
