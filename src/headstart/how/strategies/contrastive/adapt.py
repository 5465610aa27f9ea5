"""Features of a class are pulled together and the classes apart; the head is a probe on the result."""

from __future__ import annotations

from headstart.core.kinds import Kind
from headstart.core.source import Network
from headstart.how.strategies.contrastive.config import ContrastiveSettings
from headstart.how.strategy import STRATEGIES, Strategy, above
from headstart.training.objectives import Objective, squared_error, supervised_contrastive
from headstart.training.tuning import Tuning


class Contrastive(Strategy[ContrastiveSettings]):
    """Supervised contrastive tuning above the cut; values, which have no pairs, are tuned plainly."""

    config = ContrastiveSettings
    refits_head = True

    def tuning(self, network: Network, settings: ContrastiveSettings) -> Tuning:
        """Everything above the cut at one rate; the head does not move."""
        return settings.tuning(network, dict.fromkeys(above(network, settings.cut(network)), 1.0))

    def objective(self, kind: Kind, settings: ContrastiveSettings) -> Objective:
        """All pairs of a batch."""
        return supervised_contrastive(settings.temperature) if kind is Kind.CLASSIFICATION else squared_error


STRATEGIES.add("contrastive", Contrastive())
