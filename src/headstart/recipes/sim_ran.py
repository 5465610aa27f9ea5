"""All that a run of `sim fit` came to, before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from headstart.core.control import Identified
from headstart.core.finding import Finding
from headstart.core.verdict import Distance, DistanceEvidence
from headstart.recipes.policies import Found
from headstart.recipes.sim_race import Arm
from headstart.recipes.sim_settings import SimFitSettings
from headstart.recipes.sim_spending import violations_of
from headstart.sim.environment import EnvironmentId
from headstart.sim.gate import Compared, Ruling
from headstart.sim.identification import Identification
from headstart.sim.metered import Ledger

NEAR = 0.25  # of the way from the source's return down to that of a policy that knows nothing


@dataclass(frozen=True)
class Spent:
    """Target steps of the run until the source as it is had been seen, and the simulator identified."""

    source: int
    simulator: int


@dataclass(frozen=True)
class Told:
    """What the evidence says: the source's looks, fresh episodes, the best arm, the gate, the simulator."""

    beginning: tuple[float, ...]
    spent: Spent
    compared: Compared
    best: Arm | None
    ruling: Ruling
    identification: Identification | None = None


@dataclass(frozen=True)
class Ran:
    """All that a run came to, before it is written. `ledger`: evaluation outside of the learners."""

    settings: SimFitSettings
    source: Found
    target: EnvironmentId
    arms: Sequence[Arm]
    told: Told
    ledger: Ledger
    findings: tuple[Finding, ...] = ()

    @property
    def identified(self) -> tuple[Identified, ...]:
        """The parameters, the delay last, as the record says them."""
        known = self.told.identification
        return known.table if known else ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the record must know beside the numbers."""
        known = self.told.identification
        return (known.doubt,) if known and known.doubt else ()

    @property
    def target_steps(self) -> int:
        """Steps in the target environment: every arm's, and every evaluation's."""
        return self.ledger.steps + sum(arm.target_steps for arm in self.arms)

    @property
    def violations(self) -> float:
        """Safety limits broken in them."""
        return self.ledger.violations + sum(violations_of(arm) for arm in self.arms)


def distance(ran: Ran) -> Distance | None:
    """How much of what the source returns at home is lost in the target: 0 nothing, 1 as if untrained."""
    control = ran.arms[0].outcomes
    untrained = [np.mean(one.curve[0].returns) for one in control if one.curve]
    if ran.source.returned is None or not untrained:
        return None
    reach = ran.source.returned - float(np.mean(untrained))
    if reach <= 0:
        return None
    lost = (ran.source.returned - float(np.mean(ran.told.beginning))) / reach
    value = min(max(lost, 0.0), 1.0)
    return Distance("near" if value < NEAR else "far", value, DistanceEvidence(None, None, None))
