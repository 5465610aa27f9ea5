"""Ways to go on from a source policy: each is one file, registered by its name."""

from headstart.sim.strategies import (  # noqa: F401  registered on import
    distilled,
    features_only,
    from_scratch,
    identified,
    kick_started,
    naive,
    randomised,
    replayed,
    residual,
    unfrozen,
    warm_critic,
)
from headstart.sim.strategies.strategy import STRATEGIES, Strategy

__all__ = ["STRATEGIES", "Strategy"]
