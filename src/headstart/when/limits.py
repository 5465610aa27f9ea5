"""What one prediction may cost, so that a combination stays within it.

The limits come from outside (a specification, the largest number of networks) and never from labels; so
choosing within them is a part of the procedure that `combination.crossfit` repeats for every fold.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from headstart.core.candidate import Candidate

MAX_NETWORKS = 3  # the three heaviest keep nearly all of the gain (DESIGN, traps)


@dataclass(frozen=True)
class Price:
    """What a unit costs: milliseconds an example, bytes of its own, and the source whose bytes it shares."""

    ms: float = 0.0
    own_bytes: int = 0
    source: str | None = None


@dataclass(frozen=True)
class Limits:
    """Bounds on a combination, with the prices of what may be in it.

    Attributes:
        networks: most networks; `ms` an example and `size_bytes` in all, controls among them.
        prices: by unit (see `unit_of`); one that is not named costs nothing.
        shared_bytes: by source id, what lies in the model once however often the source is used.
    """

    networks: int = MAX_NETWORKS
    ms: float = math.inf
    size_bytes: float = math.inf
    prices: Mapping[str, Price] = field(default_factory=dict)
    shared_bytes: Mapping[str, int] = field(default_factory=dict)

    def excess(self, units: Sequence[str]) -> float:
        """How many times over the tightest limit these units are together; at most 1: within."""
        prices = [self.prices.get(unit, Price()) for unit in units]
        sources = {price.source for price in prices if price.source is not None}
        n_bytes = sum(p.own_bytes for p in prices) + sum(self.shared_bytes.get(s, 0) for s in sources)
        return max(sum(p.ms for p in prices) / self.ms, n_bytes / self.size_bytes)

    def admits(self, candidate: Candidate) -> bool:
        """Whether it could be in the model at all."""
        return self.excess([unit_of(candidate)]) <= 1.0

    def shut_out(self, candidates: Sequence[Candidate]) -> tuple[str, ...]:
        """Sources none of whose candidates could be in the model, sorted."""
        admitted = {c.source for c in candidates if self.admits(c)}
        return tuple(sorted({c.source for c in candidates if c.source is not None} - admitted))

    def heaviest(self, candidates: Sequence[Candidate], weights: Sequence[float]) -> set[str]:
        """The units to keep: from the heaviest on, each that fits beside those before it.

        Where not even one fits, the one that comes nearest.
        """
        mass: dict[str, float] = {}
        for candidate, weight in zip(candidates, weights, strict=True):
            mass[unit_of(candidate)] = mass.get(unit_of(candidate), 0.0) + float(weight)
        networks = {unit_of(c) for c in candidates if not c.is_control}
        kept: list[str] = []
        for unit in sorted(mass, key=lambda one: (-mass[one], one)):
            full = unit in networks and len(networks.intersection(kept)) >= self.networks
            if not full and self.excess([*kept, unit]) <= 1.0:
                kept.append(unit)
        return set(kept) or {min(sorted(mass), key=lambda unit: self.excess([unit]))}


USUAL = Limits()  # what a run has where nobody asks for anything


def network_of(candidate: Candidate) -> str | None:
    """What must run at prediction time: a source at an input size, or a tuned network of its own."""
    if candidate.is_control:
        return None
    return candidate.id if candidate.rung > 2 else f"{candidate.source}@{candidate.settings.get('size')}"


def unit_of(candidate: Candidate) -> str:
    """What is taken or left as a whole: a network with all its heads, or a control."""
    return network_of(candidate) or candidate.id
