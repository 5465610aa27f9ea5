"""Everything moves; the rate falls from the last block to the first, which is the most general."""

from __future__ import annotations

from headstart.core.source import Network
from headstart.how.strategies.full.config import FullSettings
from headstart.how.strategy import STRATEGIES, Strategy
from headstart.training.tuning import Tuning


class Full(Strategy[FullSettings]):
    """Tune all blocks with layer-wise decayed rates."""

    config = FullSettings

    def tuning(self, network: Network, settings: FullSettings) -> Tuning:
        """All blocks above the cut (0 unless set), `decay` per block from the top down."""
        last = len(network.blocks) - 1
        rates = {
            name: settings.decay ** (last - block.index)
            for block in network.blocks[settings.cut(network) :]
            for name in network.parameters_of(block.index)
        }
        return settings.tuning(network, rates)


STRATEGIES.add("full", Full())
