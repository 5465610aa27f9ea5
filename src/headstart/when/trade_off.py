"""How much score each further network buys, and what it costs for every example."""

from __future__ import annotations

from collections.abc import Mapping

from headstart.core.run import TradeOff
from headstart.core.task import Task
from headstart.metrics import METRICS
from headstart.metrics.estimates import as_decided
from headstart.when.combination import crossfit, final_weights
from headstart.when.judge import Comparison
from headstart.when.limits import Limits, network_of

MOST_NETWORKS = 4


def trade_off(comparison: Comparison, task: Task, cost_ms: Mapping[str, float]) -> tuple[TradeOff, ...]:
    """The combination of the 1, 2, … heaviest networks: honest score, milliseconds an example."""
    pool = comparison.pool
    points = []
    known = {network_of(candidate) for candidate in pool.candidates} - {None}
    for count in range(1, min(MOST_NETWORKS, len(known)) + 1):
        fitted = crossfit(pool, Limits(count))
        score = METRICS[task.metric].score(task.targets, as_decided(fitted.pooled, task))
        weights = final_weights(pool, Limits(count))
        pairs = zip(pool.candidates, weights, strict=True)
        used = sorted({network_of(c) or "" for c, weight in pairs if weight > 0} - {""})
        cost = sum(cost_ms.get(name, 0.0) for name in used)
        points.append(TradeOff(networks=tuple(used), score=score, ms_per_example=cost))
    return tuple(points)
