"""How much each source carried, for the runs to come."""

from __future__ import annotations

from dataclasses import replace

from headstart.when.combination import final_weights
from headstart.when.limits import USUAL, Limits
from headstart.when.pool import Pool
from headstart.when.stack import prior_weights


def own_shares(pool: Pool, limits: Limits = USUAL) -> dict[str, float]:
    """By source id: its part (0…1) of what the combination gives to sources; together they make 1.

    The combination is made anew with nothing known of any source beforehand: else what an earlier run
    said would come back as if this one had found it. Empty where no source has a share.
    """
    open_minded = replace(pool, standing={}, prior=prior_weights(pool.candidates, {}))
    weights = final_weights(open_minded, limits)
    shares = dict.fromkeys(sorted({c.source for c in pool.candidates if c.source is not None}), 0.0)
    for candidate, weight in zip(pool.candidates, weights, strict=True):
        if candidate.source is not None:
            shares[candidate.source] += float(weight)
    total = sum(shares.values())
    return {name: part / total for name, part in shares.items()} if total > 0 else {}
